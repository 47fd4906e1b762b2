"""The linter of figures: every rule of the conventions that a drawn figure is held against, one after another."""

from __future__ import annotations

from pilot_eval.publish.figures import lint_axes, lint_colours, lint_text, lint_words

#: Every rule, each a sentence of the conventions (docs/publish.md).
RULES = (*lint_text.RULES, *lint_colours.RULES, *lint_axes.RULES, *lint_words.RULES)
