"""A price as a row for people and as a record for scripts (product.md, Fixed names)."""

from tests.benchmarks.measuring import Line, Price


def row(price: Price) -> str:
    mark = "ok  " if price.holds else "MISS"
    if price.line.goal is None and price.line.queries is None:
        mark = "-   "
    figures = f"{price.value:8.2f} {price.line.unit}  {_goal(price.line):>13}  {_queries(price):>14}"
    return f"{mark} {price.line.name:<36} {figures}  {price.line.compared_with}"


def record(price: Price) -> dict[str, object]:
    line = price.line
    return {
        "line": line.name,
        "value": round(price.value, 3),
        "goal": line.goal,
        "unit": line.unit,
        "compared_with": line.compared_with,
        "queries": price.queries,
        "queries_goal": line.queries,
        "holds": price.holds,
    }


def _goal(line: Line) -> str:
    if line.goal is None:
        return "no goal"
    return f"{line.least:g} to {line.goal:g}" if line.least else f"≤ {line.goal:g}"


def _queries(price: Price) -> str:
    most = "" if price.line.queries is None else f" (≤ {price.line.queries})"
    return f"{price.queries} queries{most}"
