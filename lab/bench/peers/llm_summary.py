"""The library behind the `llm` command, one prompt with everything: python llm_summary.py prompt BASE_URL FILE."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from llm.default_plugins.openai_models import Chat

from lab.bench.measured import API_KEY, MODEL, SEED, report


def main(_kind: str, base_url: str, file: str) -> None:
    model = Chat(MODEL, model_name=MODEL, api_base=base_url)
    model.key = API_KEY
    text = Path(file).read_text(encoding="utf-8")
    report(lambda: model.prompt(text, system="Summarize this talk.", stream=False, seed=SEED).text())


if __name__ == "__main__":
    main(*sys.argv[1:])
