"""MAP: rows in the source's columns become rows of the standard's tables."""

from medferry.mapping.engine import CompiledMapping, apply_mapping, compile_mapping
from medferry.mapping.model import Campus, MappingError
from medferry.mapping.ready import ready_mask

__all__ = ["Campus", "CompiledMapping", "MappingError", "apply_mapping", "compile_mapping", "ready_mask"]
