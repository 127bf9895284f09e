"""llama-index's tree_summarize: python llama_index_summary.py tree|tree_async BASE_URL FILE."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.response_synthesizers import TreeSummarize
from llama_index.llms.openai_like import OpenAILike

from lab.bench.measured import API_KEY, MODEL, SEED, report


def main(kind: str, base_url: str, file: str) -> None:
    llm = OpenAILike(
        model=MODEL, api_base=base_url, api_key=API_KEY, is_chat_model=True, additional_kwargs={"seed": SEED}
    )
    tree = TreeSummarize(llm=llm, use_async=kind == "tree_async")
    text = Path(file).read_text(encoding="utf-8")

    def summarize() -> str:
        return str(tree.get_response("Summarize this talk.", SentenceSplitter().split_text(text)))

    report(summarize)


if __name__ == "__main__":
    main(*sys.argv[1:])
