"""Asks a Gradus server: search, prerequisites, plans and related guides for learning content."""

from . import document
from ._async import AsyncGradus
from ._errors import GradusError
from ._listing import AsyncListing, Listing
from ._sync import Gradus

__all__ = ["AsyncGradus", "AsyncListing", "Gradus", "GradusError", "Listing", "document"]
