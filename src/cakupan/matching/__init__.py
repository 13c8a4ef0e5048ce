"""Who is who in two files of persons, when no key can be trusted alone.

:func:`cakupan.matching.engine.link` and :func:`cakupan.matching.engine.dedupe` are the
doors; everything else is how they work. ``docs/linkage.md`` is the model card.
"""
