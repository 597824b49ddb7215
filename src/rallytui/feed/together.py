"""Several pieces of work side by side: none is left running, and a defect of one does not cost the others theirs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable

log = logging.getLogger(__name__)


async def together(*work: Awaitable[None]) -> None:
    """Wait until all have ended, then raise the first defect among them; cancelled, it cancels them and waits too."""
    ends = await asyncio.gather(*work, return_exceptions=True)
    defects = [end for end in ends if isinstance(end, BaseException)]
    for other in defects[1:]:
        log.error("another defect of the same round", exc_info=other)
    if defects:
        raise defects[0]
