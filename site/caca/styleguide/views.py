"""The one page of the styleguide."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.views import View

from caca.styleguide import tokens
from caca.styleguide.specimens import Section, Specimen, sections


@dataclass(frozen=True)
class Shown:
    """A specimen as the page draws it."""

    component: str
    state: str
    markup: SafeString
    opens: str = ""


@dataclass(frozen=True)
class Ratio:
    """What a pair of colours reaches, and what it needs."""

    pair: tokens.Pair
    light: float
    dark: float


class Styleguide(View):
    """Tokens and components, drawn by the components themselves."""

    def get(self, request: HttpRequest) -> HttpResponse:
        context = {
            "colours": [(name, value, tokens.colours("dark")[name]) for name, value in tokens.colours("light").items()],
            "ratios": [Ratio(pair, tokens.ratio(pair, "light"), tokens.ratio(pair, "dark")) for pair in tokens.PAIRS],
            "type_steps": tokens.sizes("--t-").items(),
            "spaces": tokens.sizes("--s-").items(),
            "sections": [_drawn(section, request) for section in sections()],
        }
        return render(request, "styleguide/page.html", context)


def _drawn(section: Section, request: HttpRequest) -> dict[str, object]:
    return {"title": section.title, "anchor": section.anchor, "specimens": [_shown(one, request) for one in section.specimens]}


def _shown(specimen: Specimen, request: HttpRequest) -> Shown:
    template = get_template(f"components/{specimen.component}.html")
    return Shown(specimen.component, specimen.state, template.render(specimen.context, request), specimen.opens)
