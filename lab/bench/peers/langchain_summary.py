"""langchain's summarize chains: python langchain_summary.py CHAIN BASE_URL FILE; `CHAIN_async` runs concurrently."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from langchain_classic.chains.summarize import load_summarize_chain
from langchain_core.documents import Document
from langchain_openai import ChatOpenAI
from langchain_text_splitters import RecursiveCharacterTextSplitter

from lab.bench.measured import API_KEY, MODEL, SEED, report

# Chunks of the chain's own `token_max`, 3,000 tokens; tokens are estimated because its tokenizer is a download.
CHARACTERS_A_TOKEN = 4
CHUNK = 3_000 * CHARACTERS_A_TOKEN


def tokens(text: str) -> list[int]:
    return [0] * (len(text) // CHARACTERS_A_TOKEN)


def main(chain_type: str, base_url: str, file: str) -> None:
    kind = chain_type.removesuffix("_async")
    llm = ChatOpenAI(model=MODEL, base_url=base_url, api_key=API_KEY, seed=SEED, custom_get_token_ids=tokens)
    chain = load_summarize_chain(llm, chain_type=kind)
    text = Path(file).read_text(encoding="utf-8")

    def summarize() -> str:
        splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK, chunk_overlap=0)
        chunks = [text] if kind == "stuff" else splitter.split_text(text)
        documents = [Document(chunk) for chunk in chunks]
        if chain_type.endswith("_async"):
            return str(asyncio.run(chain.ainvoke({"input_documents": documents}))["output_text"])
        return str(chain.invoke({"input_documents": documents})["output_text"])

    report(summarize)


if __name__ == "__main__":
    main(*sys.argv[1:])
