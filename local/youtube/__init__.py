"""A fake YouTube: an HTTPS proxy that answers for YouTube from a folder of caption files."""

from local.youtube.data_api import API_KEY
from local.youtube.failures import Failure
from local.youtube.server import FakeYouTube

__all__ = ["API_KEY", "Failure", "FakeYouTube"]
