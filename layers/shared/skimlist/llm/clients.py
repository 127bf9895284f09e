"""Opens the OpenAI SDK's client for a model, with a key, or with AWS signatures for Amazon Bedrock."""

from __future__ import annotations

import ssl

from skimlist import aws
from skimlist.llm.catalogue import ModelSpec, Provider
from skimlist.llm.openai_sdk import bedrock, openai


def open_client(spec: ModelSpec, api_key: str, trusted: ssl.SSLContext) -> openai.OpenAI:
    # A redirect would send the captions to any host.
    http_client = openai.DefaultHttpx2Client(verify=trusted, follow_redirects=False)
    if spec.provider is Provider.BEDROCK:
        place = bedrock(
            endpoint="runtime", region=spec.region, base_url=spec.base_url, credential_provider=aws.credentials
        )
        return openai.OpenAI(provider=place, http_client=http_client, max_retries=0)
    return openai.OpenAI(api_key=api_key, base_url=spec.base_url, http_client=http_client, max_retries=0)
