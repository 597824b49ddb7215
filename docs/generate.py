"""Rewrites the parts of these docs that follow from the code: `python docs/generate.py`."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args, get_origin
from unittest.mock import patch

import msgspec
from msgspec.structs import asdict, fields

from rallytui import __version__
from rallytui.board.words import HONESTY
from rallytui.cli.arguments import build_parser
from rallytui.clock import SystemClock
from rallytui.config import settings as config
from rallytui.config.check import COMMON_KEYS, OWN_KEYS, SERVES
from rallytui.config.show import literal
from rallytui.indicators import catalog, thesis
from rallytui.indicators.momentum import MIN_HISTORY
from rallytui.indicators.schema import Indicator, Input
from rallytui.indicators.scoring import ENTER, crossings
from rallytui.macro import CATALOG, MacroSeries
from rallytui.providers import REGISTRY, create
from rallytui.providers.cboe import INDICES
from rallytui.providers.source import Source
from rallytui.ui import keys

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))  # when it is run as a script

from docs.man import man_page  # noqa: E402
from docs.readings import readings  # noqa: E402

MAN_PAGE = HERE / "rallytui.1"
BLOCK = re.compile(r"(<!-- generated: (\S+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)
TYPES = {str: "text", float: "number", int: "whole number", bool: "true or false", date: "date"}
KEYS = {
    "thesis.name": "The title in the first row.",
    "thesis.baseline": "The session from which progress is measured, a day of trade. Baskets are 100 on it.",
    "targets.symbol": "The index, as Yahoo writes it.",
    "targets.name": "How it is called on the screen; no two targets share a name.",
    "targets.levels": "The ladder, each level above 0 and named once.",
    "targets.by": "The last day; after the baseline and not after 2035.",
    "targets.baseline": "The session of this target's baseline, if it is not the thesis's; a day of trade.",
    "targets.baseline_level": "The level on that session; left out, the close of the session is taken.",
    "watchlists.title": "The title of the pane; left out, NAME.",
    "watchlists.symbols": "At least one symbol, in capitals as Yahoo writes it, as in `BRK-B`.",
    "watchlists.benchmark": "The index that the names are compared with.",
    "watchlists.joined": "Since when a name counts in the basket, as in `{{ PATH = 2026-03-02 }}`; left out, "
    "the day it was first seen there, or the baseline.",
    "odds.sigma_factor": "What the volatility is multiplied by; above 0.",
    "odds.mu": "Price drift a year, without dividends, as a fraction.",
    "risk.ai_basket": "AI infrastructure: the funds and names whose equal-weight mean AI2 and AI3 read.",
    "risk.hyperscalers": "Whose capital spending is summed up.",
    "risk.weights": "Percent of the composite for the group {title}; 0 takes it out.",
    "risk.indicators.on": "false leaves the indicator out of pane and composite; claims still read it.",
    "risk.indicators.knots": "Pairs of value and score (0 to 100) in place of the built-in ones, values rising.",
    "claims.capex_bn": "The spending that was promised for 2026, billions of dollars.",
    "claims.earnings.growth_pct": "Growth of S&P 500 earnings in percent, as you read it.",
    "claims.earnings.source": "Where you read it; printed as evidence.",
    "claims.earnings.date": "When; a board of an earlier day does not use it.",
    "data.quotes_every_s": "Seconds between two rounds of quotes while the market is open; 15 or more.",
    "data.extended_every_s": "The same before the open and after the close; 15 or more.",
    "data.history_years": "How far back history is asked for; 2 to 30.",
    "data.closures": "Closures that nobody scheduled, as in `[2025-01-09]`.",
    "data.order.index_quotes": "Prices of symbols that begin with `^`.",
    "data.order.stock_quotes": "Prices of all other symbols.",
    "data.order.index_bars": "Daily history of symbols that begin with `^`.",
    "data.order.stock_bars": "Daily history of all other symbols.",
    "data.order.series": "Macro series.",
    "data.order.companies": "What companies report.",
    "data.order.search": "Symbols found as you type.",
    "data.order.intraday": "Candles of the running day, for the page of a name.",
    "providers.base_url": "Another address for the source: a proxy, a mirror, a test.",
    "providers.www_url": "Another address for EDGAR's list of tickers.",
    "providers.vintage_url": "Another address for ALFRED.",
    "providers.api_url": "Another address for FRED's keyed interface; https, unless it is this machine.",
    "providers.api_key": "FRED's free key; better in the environment as `FRED_API_KEY`.",
    "providers.contact": "Your e-mail address for EDGAR; or `RALLYTUI_CONTACT` in the environment.",
    "providers.user_agent": "Another User-Agent, where a source leaves ours unanswered.",
    "providers.requests_per_minute": "Another request budget; left out, the source's own (sources.md).",
    "providers.enabled": "false leaves the source out of every order.",
    "display.theme": "The colours at first; `t` changes them, and what you choose is kept.",
    "display.ascii": "true draws without any glyph outside ASCII.",
    "display.swap_up_down": "true exchanges the colours of rises and falls.",
    "display.columns": "Ids of the watchlist's columns in order; left out, as many as fit. `c` chooses in the app.",
    "display.up": "A colour of your own for rises, as `#86b39c`, where any can be shown; left out, the theme's.",
    "display.down": "The same for falls.",
    "display.wall_rotate_s": "Seconds after which the wall shows the next rung and names; 0 for never, else 5 or more.",
    "display.export_dir": "Where `e` writes its files; left out, the current directory.",
    "display.away_after_min": "Minutes without a key after which the next one first tells what happened; 0 for never.",
    "display.time_zone": "An IANA name, as in `Europe/Berlin`, for the clock and the ages of sources.",
    "alerts.metric": "Required: [the reading](#readings-for-tripwires), by its path, as in `risks.VC1.value`.",
    "alerts.id": "What it is called in lists and in `alerts test`; left out, its reading and condition.",
    "alerts.name": "The title of its events; left out, the id.",
    "alerts.above": "It goes off when the reading comes to lie above this, also if it already does.",
    "alerts.below": "The same below.",
    "alerts.crosses": "It goes off when the reading comes to lie on the other side.",
    "alerts.changes": "true: it goes off when the reading is another one.",
    "alerts.becomes": "It goes off when the reading becomes this word, number, or true or false.",
    "alerts.for": "How long it must hold: `2 sessions` counts evenings, `30 minutes` while the program runs.",
    "alerts.hysteresis": "How far back the reading must go before it can go off again; in the reading's unit.",
    "alerts.once": "true: it goes off one time.",
    "alerts.notify": "The ways of this one; left out, those of `[notify]`.",
    "alerts.quiet": "The quiet hours of this one; left out, those of `[notify]`.",
    "alerts.command": "The command of this one; left out, that of `[notify]`.",
    "notify.ways": "How events are told: toast, bell, desktop (a notification by the terminal), command.",
    "notify.quiet": "Hours in your time zone in which events are only logged, as in `22:00-07:00`.",
    "notify.command": "Run without a shell, 10 seconds at most; the event is JSON on its standard input.",
    "builtin_alerts.rungs": "A level's first close, and a close back below it.",
    "builtin_alerts.lights": "A risk or a family of risks changes its light.",
    "builtin_alerts.composite": "The composite changes its band.",
    "builtin_alerts.claims": "A claim changes its status.",
    "builtin_alerts.basket": "AI infrastructure comes to lie 12 % or 20 % below its high.",
    "builtin_alerts.moves": "A name moves by more than three of its average true ranges.",
    "builtin_alerts.filings": "A name files a 10-Q or 10-K.",
    "builtin_alerts.stale": "A risk indicator can no longer be judged.",
    "builtin_alerts.sources": "A source fails three times in a row.",
    "builtin_alerts.corrections": "A bar tells a close more than 0.02 % off the final quote of its session.",
}
"""What each key means; a key of the settings that is not here, or the other way round, is an error."""
MOMENTA = ("mom21_pct", "mom63_pct", "mom126_pct", "mom252_pct")
WATCHLIST = (
    ("change, change_pct", "price against the close of the session before", "change"),
    ("gap_pct", "open against the close before", "gap_pct"),
    ("rel_volume", "volume over the mean of the 20 sessions before it", "rel_volume"),
    ("range52", "place between the year's lowest low (0) and highest high (1), held at the ends", "range52"),
    ("rsi14", "Wilder's relative strength index of 14 sessions", "rsi14"),
    ("atr14, atr_pct", "Wilder's average true range of 14 sessions, in price and in percent of the close", "atr14"),
    ("beta60, r2_60, corr60", "slope, R² and correlation of 60 simple daily returns on the benchmark's", "beta60"),
    ("beta60_adjusted", "`beta60` pulled a third of the way to 1: 0.67 × beta + 0.33 (Blume 1971)", "beta60"),
    ("beta252", "slope over 252 returns, at least 200 of them", "beta252"),
    ("rs63_pct", "change of the ratio of closes to the benchmark's over 63 sessions", "rs63_pct"),
    ("rs126_pct", "the same over 126 sessions", "rs126_pct"),
    ("rs63_iwm_pct, rs126_iwm_pct", "the same against the Russell 2000 (IWM)", "rs63_pct"),
    ("mansfield", "that ratio against its own 252-session mean, percent", "mansfield"),
    ("drawdown_pct", "price against the highest close of 252 sessions, never above 0", "drawdown_pct"),
    *((name, f"last finished close against the one {name[3:-4]} sessions before", name) for name in MOMENTA),
    ("dist_sma50_pct", "price against the mean of the last 50 closes", "sma50"),
    ("dist_sma200_pct", "price against the mean of the last 200 closes", "sma200"),
    ("vol21_pct", "volatility of 21 daily log returns, a year", "vol21"),
)


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    cells = [list(head), ["---"] * len(list(head)), *map(list, rows)]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in cells)


def number(value: float) -> str:
    """At most two decimals, with the true minus."""
    return f"{round(value, 2) + 0.0:g}".replace("-", "−")


# --- risks and claims ---


def limits(knots: Iterable[tuple[float, float]], score: float) -> str:
    """From which values on a score is at least `score`, between the knots too."""
    found = [f"{'≥' if rising else '≤'} {number(value)}" for value, rising in crossings(knots, score)]
    return " or ".join(dict.fromkeys(found))


def threshold(entry: Indicator, score: float) -> str:
    """The limits of an indicator, with those of its change where that is scored too."""
    level = limits(entry.knots, score)
    return f"{level}, or change {limits(entry.change_knots, score)} pp" if entry.change_knots else level


def input_name(item: Input) -> str:
    """An input as a reader knows it."""
    own = {catalog.CAPEX_GROWTH: "filings (XBRL)", catalog.AI_BASKET: "`[risk] ai_basket`"}
    return own.get(item, f"`{item.id}`")


def risks() -> str:
    """The indicators, a row each."""
    rows = [
        (
            *(entry.id, f"{entry.title}{f' ({entry.unit})' if entry.unit else ''}", entry.definition),
            ", else ".join(" + ".join(map(input_name, recipe.inputs)) for recipe in entry.recipes),
            f"{entry.schedule.frequency}, {entry.schedule.lag}",
            f"{entry.schedule.max_age} {entry.schedule.age_unit}",
            *(threshold(entry, score) for score in ENTER),
            entry.why,
        )
        for entry in catalog.INDICATORS
    ]
    head = "id", "indicator", "definition", "source", "comes, and is known", "fresh for", "watch", "stress"
    return table((*head, "what the thresholds rest on"), rows)


def groups() -> str:
    """The groups with their weights."""
    rows = [(group.title, ", ".join(catalog.members(group.id)), f"{group.weight:g} %") for group in catalog.GROUPS]
    return table(("group", "indicators", "default weight"), rows)


def claims() -> str:
    """The rules of the scorecard."""
    rules = {**rules_of_the_article(), **rules_of_the_rest()}
    head = "id", "claim", "what is measured", "on track", "broken", "unknown"
    return table(head, [(name, title, *rules[name]) for name, title in thesis.CLAIMS.items()])


def rules_of_the_article() -> dict[str, tuple[str, ...]]:
    """D0 to D3: what the article put a number on."""
    t, n = thesis, number
    cut, both = t.CUT_PP, -t.CUT_PP * t.CUTS_CLAIMED
    return {
        "D0": (
            "closing touch of the lowest rung of the first target; its plan line",
            "touched in time, or the price is on or ahead of the plan line",
            "the last day is over without a closing touch",
            "no price or no baseline level",
        ),
        "D1": (
            f"Δ: upper bound of the funds target less {n(t.BASE_RATE)} %; gap: 2-year yield less funds rate (FD1); "
            "elapsed: part of 2026 that is over",
            f"Δ ≤ {n(both)}; or Δ ≤ {n(both)} × elapsed + {n(cut)} and gap ≤ {n(t.LITTLE_EASING_PP)} pp",
            f"Δ ≥ {n(cut)}; or elapsed ≥ 0.5, Δ > −{cut / 2} and gap > {n(t.HIKES_PRICED_PP)} pp; "
            f"or 2026 is over and Δ > {n(-cut)}",
            "FD2 stale or missing, or 2026 has not begun",
        ),
        "D2": (
            "projection for 2026: spending so far × (all of 2025 / the same quarters of 2025), same companies, "
            "calendar quarters",
            f"at least {n(100 * t.CAPEX_HELD)} % of `capex_bn`",
            f"less than {n(100 * t.CAPEX_LOST)} % of it, or AI1 below 0",
            f"fewer than {t.LEAST_FILERS} companies with a quarter of 2026",
        ),
        "D3": (
            "the figure under `[claims.earnings]`",
            f"≥ {n(t.EPS_HELD)} %",
            f"< {n(t.EPS_LOST)} %",
            "no figure (the default), or its date is still to come",
        ),
    }


def rules_of_the_rest() -> dict[str, tuple[str, ...]]:
    """D4 to D7: what it expected to follow."""
    t, n = thesis, number
    return {
        "D4": (
            "IWM/SPY total return since the baseline; against its 200-session mean; BR1",
            "above 0 since the baseline and above the mean",
            f"below 0, not above the mean, and BR1 ≤ {n(t.BREADTH_LOST)} %",
            "prices missing, or no session since the baseline",
        ),
        "D5": (
            f"revenue of the newest quarter against a year before: {', '.join(t.GROWTH_NAMES)}",
            f"at least {n(100 * t.NAMES_HELD)} % of those with a reading grow ≥ {n(t.REVENUE_CLAIMED)} %",
            f"less than {n(100 * t.NAMES_LOST)} % of them do",
            f"fewer than {t.LEAST_NAMES} with a reading",
        ),
        "D6": (
            "output per hour against a year before (PR1)",
            f"≥ {n(t.PRODUCTIVITY_HELD)} %",
            f"< {n(t.PRODUCTIVITY_LOST)} %",
            "PR1 stale or missing",
        ),
        "D7": (
            "XLU/SPY total return since the baseline and over 126 sessions",
            "both above 0",
            f"both below {n(t.UTILITIES_LOST)} %",
            "prices missing, or no session since the baseline",
        ),
    }


def watchlist() -> str:
    """The price columns with the history they need."""
    rows = [
        (", ".join(f"`{one}`" for one in name.split(", ")), words, f"{MIN_HISTORY[key]} sessions")
        for name, words, key in WATCHLIST
    ]
    return table(("reading", "what it is", "needs at least"), rows)


def lag(series: MacroSeries) -> str:
    """When an observation counts as known, by the rule."""
    if series.frequency == "daily":
        return f"{series.lag} weekday{'' if series.lag == 1 else 's'} after it" if series.lag else "the same day"
    return f"{series.lag} days after the {series.frequency.removesuffix('ly')}'s end"


def macro() -> str:
    """The macro series with their lag rules."""
    rows = [
        (one.id, one.title, one.unit, one.frequency, lag(one), "ALFRED" if one.revised else "—")
        for one in CATALOG.values()
    ]
    return table(("FRED id", "what it is", "unit", "comes", "known at 18:00 New York,", "vintages from"), rows)


# --- settings and command line ---


def type_name(kind: Any) -> str:
    """A type as a reader of the config knows it."""
    if kind in TYPES:
        return TYPES[kind]
    options = [option for option in get_args(kind) if option is not type(None)]
    if get_origin(kind) is Literal:
        return ", ".join(f"`{option}`" for option in options)
    if get_origin(kind) is list:
        plural = "" if get_origin(options[0]) is Literal else "s"
        inner = "[value, score]" if get_origin(options[0]) is tuple else f"{type_name(options[0])}{plural}"
        return f"list of {inner}".replace("texts", "text")
    return type_name(options[0])


def struct_in(kind: Any) -> type[msgspec.Struct] | None:
    """The struct that a field of type `kind` holds, itself, in a list, in a map or perhaps."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return kind
    return next((found for option in get_args(kind) if (found := struct_in(option))), None)


def walk(kind: type[msgspec.Struct], path: str, held: Any) -> Iterator[tuple[str, type[msgspec.Struct], Any]]:
    """Every table below `kind`: its TOML header, its struct, and the value in force where there is one."""
    for field in fields(kind):
        inner, name = struct_in(field.type), f"{path}{field.encode_name}"
        if inner is config.ProviderSettings and path:
            yield "providers.NAME", inner, inner()
            return
        if inner is None:
            continue
        value = getattr(held, field.name, None)
        if get_origin(field.type) is dict:
            name, value = f"{name}.{'ID' if inner is config.IndicatorSettings else 'NAME'}", inner()
        elif get_origin(field.type) is list:
            value = config.Alert("") if inner is config.Alert else inner()
        if any(struct_in(one.type) is None for one in fields(inner)):
            yield name, inner, value
        yield from walk(inner, f"{name}.", value)


def settings() -> str:
    """Every table of the config with its keys."""
    parts, used = [], set()
    for name, kind, held in walk(config.Settings, "", config.Settings()):
        rows = []
        for field in fields(kind):
            if struct_in(field.type) is None:
                key = meaning_of(name, field.encode_name)
                used.add(key)
                title = next((group.title for group in catalog.GROUPS if group.id == field.encode_name), "")
                value = getattr(held, field.name, msgspec.UNSET)
                rows.append(
                    (f"`{field.encode_name}`", type_name(field.type), default(value), KEYS[key].format(title=title))
                )
        header = f"[[{name}]]" if kind in (config.TargetSettings, config.Alert) else f"[{name}]"
        parts.append(f"### `{header}`\n\n{table(('key', 'type', 'default', 'meaning'), rows)}")
    if left := KEYS.keys() - used:
        raise KeyError(f"no such keys in the settings: {', '.join(sorted(left))}")
    return "\n\n".join(parts)


def meaning_of(name: str, key: str) -> str:
    """Where `KEYS` explains a key of the table `name`."""
    plain = re.sub(r"\.(NAME|ID|neutral|real_world)$", "", name)
    return "risk.weights" if plain == "risk.weights" else f"{plain}.{key}"


def default(value: Any) -> str:
    """A default as TOML writes it."""
    if value is msgspec.UNSET:
        return "required"
    return "—" if value is None or value == "" else f"`{literal(value)}`"


def provider_keys() -> str:
    """Which source knows which keys."""
    rows = [(f"`{name}`", ", ".join(f"`{key}`" for key in keys_of(name))) for name in SERVES]
    return table(("NAME", "keys"), rows)


def keys_of(name: str) -> tuple[str, ...]:
    return (*COMMON_KEYS, *OWN_KEYS.get(name, ()))


def command_line() -> str:
    """The help of the program and of its commands, 80 columns wide."""
    with patch.dict(os.environ, COLUMNS="80", NO_COLOR="1"):
        parser = build_parser()
        found = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
        parts = [parser.format_help(), *(one.format_help() for one in found[0].choices.values())]
    return "\n\n".join(f"```text\n{part.rstrip()}\n```" for part in parts)


def commands() -> list[str]:
    """The program's commands by name."""
    found = [action for action in build_parser()._actions if isinstance(action, argparse._SubParsersAction)]
    return list(found[0].choices)


# --- sources ---


def sources() -> Iterator[Source]:
    """The providers that go over the network, as the defaults set them up."""
    for name in REGISTRY:
        made = create(name, config.ProviderSettings(contact="CONTACT" if name == "sec" else ""), SystemClock())
        if isinstance(made, Source):
            yield made


def manners() -> str:
    """How each source is treated."""
    rows = []
    for source in sources():
        own = source.http._manners
        rows.append(
            (
                *(REGISTRY[source.name].title, f"`{source.host}`", f"`{own.agent.replace(__version__, 'VERSION')}`"),
                *(f"{own.per_minute:g}", f"{own.burst}", spoken(own.patience_s), spoken(source.delay_s)),
            )
        )
    head = (
        "source",
        "host",
        "User-Agent",
        "requests a minute",
        "burst",
        "pause after a 429, at least",
        "delay by design",
    )
    return table(head, rows)


def spoken(seconds: float) -> str:
    return f"{seconds / 60:g} min" if seconds else "—"


def order() -> str:
    """Who is asked first, and who steps in."""
    rows = []
    for kind, names in asdict(config.Order()).items():
        titles = " → ".join(REGISTRY[name].title for name in names)
        rows.append((f"`{kind}`", KEYS[f"data.order.{kind}"].rstrip("."), titles))
    return table(("kind", "what", "asked in this order"), rows)


def symbols() -> str:
    """How the indices that Cboe has are called there."""
    rows = [(f"`{name}`", f"`{code}`") for name, code in INDICES.items()]
    return table(("canonical (Yahoo)", "Cboe"), rows)


def actions() -> str:
    """The keys by the ids of their actions."""
    rows = []
    for title, scopes in keys.GROUPS:
        rows += [(f"`{one.id}`", one.shown, title, one.help) for one in keys.chapter(scopes)]
    return table(("id", "keys", "where", "what"), rows)


def key_table() -> str:
    """What each key does, place by place."""
    parts = []
    for title, scopes in keys.GROUPS:
        rows = [(f"`{one.shown}`", one.help) for one in keys.chapter(scopes)]
        parts.append(f"## {title}\n\n{table(('keys', 'what'), rows)}")
    return "\n\n".join(parts)


BLOCKS: dict[str, Callable[[], str]] = {
    "actions": actions,
    "keys": key_table,
    "honesty": lambda: f"> {HONESTY}",
    "risks": risks,
    "groups": groups,
    "claims": claims,
    "watchlist": watchlist,
    "macro": macro,
    "settings": settings,
    "provider-keys": provider_keys,
    "readings": readings,
    "command-line": command_line,
    "manners": manners,
    "order": order,
    "symbols": symbols,
}


def refreshed(text: str) -> str:
    """`text` with every generated block made anew. Raises KeyError for a block nobody makes."""
    return BLOCK.sub(lambda found: f"{found[1]}\n{BLOCKS[found[2]]()}\n\n{found[4]}", text)


def main() -> int:
    """Rewrite what has changed and say so."""
    for path in sorted(HERE.glob("*.md")):
        text = path.read_text("utf-8")
        if (fresh := refreshed(text)) != text:
            path.write_text(fresh, "utf-8")
            sys.stdout.write(f"rewrote {path.name}\n")
    MAN_PAGE.write_text(man_page(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
