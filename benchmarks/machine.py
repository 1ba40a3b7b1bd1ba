"""Describes the machine on which times were measured."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import Any


def machine() -> dict[str, Any]:
    """Return processor, cores, memory in GiB, system, Python."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    information = Path("/proc/cpuinfo")
    return {
        "processor": processor(information.read_text(encoding="utf-8") if information.exists() else ""),
        "cores": os.cpu_count(),
        "memory": round(memory),
        "system": platform.system(),
        "python": platform.python_version(),
    }


def processor(information: str) -> str:
    """Return the processor's name from the text of /proc/cpuinfo, or the one that Python knows if that has none."""
    names = [
        line.split(":", 1)[1].strip() for line in information.splitlines() if line.startswith("model name")
    ]
    return names[0] if names else platform.processor() or platform.machine()
