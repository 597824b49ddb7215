"""The scorecard: what the thesis claims, and what the data say about each claim (METHODOLOGY D)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from rallytui.board.coming import BY_PRICE, next_tests
from rallytui.board.company import capex_lines, company_fields
from rallytui.board.memo import Value
from rallytui.board.moment import History, Moment
from rallytui.board.replay import Evaluated, history_of_scores, replay_days
from rallytui.board.shape import Claim, ClaimStatus, Target
from rallytui.board.tracks import MARKET, bar_track, tracks_of
from rallytui.indicators import catalog, evidence, growth, relative, thesis, transforms
from rallytui.indicators.evidence import Evidence
from rallytui.indicators.schema import Input
from rallytui.sessions import new_york_date

SMALL_CAPS, UTILITIES = "IWM", "XLU"
MEAN_SESSIONS, HALF_YEAR = 200, 126
POLICY_RATE = Input("series", "DFEDTARU")
CLAIM_YEAR = 2026
BILLION = 1e9
NOT_STARTED = Evidence("no session since the start yet")
Ruling = tuple[ClaimStatus, Evidence, Mapping[str, object]]
"""A claim's status, its evidence, and the readings that its conditions need by their names; None is missing."""


def build_thesis(moment: Moment, targets: Sequence[Target]) -> list[Claim]:
    """Every claim with its status and the evidence for it."""
    ruled = {
        "D0": level(moment, targets[0]),
        "D1": fed_cuts(moment),
        "D2": capex(moment),
        "D3": earnings(moment),
        "D4": small_caps(moment),
        "D5": revenue(moment),
        "D6": productivity(moment),
        "D7": utilities(moment),
    }
    judged = {
        name: (status, said if status != "unknown" else evidence.unknown_without(said, needs))
        for name, (status, said, needs) in ruled.items()
    }
    if is_old(moment, targets[0]):
        judged |= {name: outdated(judged[name][1], targets[0]) for name in price_claims(targets[0])}
    titles = {
        **thesis.CLAIMS,
        "D0": f"{targets[0].name} at {targets[0].rungs[0].level:,.0f}",
        "D2": f"Capex ${moment.settings.claims.capex_bn:,.0f} bn",
    }
    dates = (targets[0].rungs[0].first_touch_close, targets[0].rungs[0].lost_since)
    coming = next_tests(moment, targets[0].by)
    return [
        Claim(name, titles[name], status, said.line, said.brief, coming[name], *(dates if name == "D0" else ()))
        for name, (status, said) in judged.items()
    ]


def price_claims(target: Target) -> tuple[str, ...]:
    """The claims that rest on prices of now; a level that was reached stays reached."""
    return tuple(name for name in BY_PRICE if name != "D0" or target.rungs[0].first_touch_close is None)


def is_old(moment: Moment, target: Target) -> bool:
    """Whether a whole session is missing: closes judge these claims, so a quote that is late changes nothing."""
    if target.quote_time is None:
        return False
    return new_york_date(target.quote_time) < moment.calendar.last_final(moment.as_of)


def outdated(said: Evidence, target: Target) -> tuple[ClaimStatus, Evidence]:
    """Old prices judge nothing: unknown, with what they last said."""
    newest = f"the newest price is of {target.badge}"
    return "unknown", Evidence(f"{newest} · then: {said.line}", newest)


def reading(moment: Moment, name: str) -> Evaluated | None:
    """A risk indicator's evaluation now, whether or not it is scored; None if it is stale or unknown."""
    entry = catalog.BY_ID[name]
    tracks = tracks_of(moment, frozenset(entry.inputs))
    now = history_of_scores(moment, entry, tracks, replay_days(moment))[-1]
    return now if now.reading is not None and now.freshness > 0 else None


def value_of(found: Evaluated | None) -> float | None:
    return found.reading.value if found and found.reading else None


def sources_of(moment: Moment, found: Evaluated | None) -> str:
    """The sources behind an evaluation, by their titles."""
    if found is None or found.recipe is None:
        return ""
    tracks = tracks_of(moment, frozenset(found.recipe.inputs))
    return ", ".join(dict.fromkeys(tracks[item].source for item in found.recipe.inputs))


def level(moment: Moment, target: Target) -> Ruling:
    """D0: the lowest rung of the first target, the level that gave the thesis its name."""
    rung = target.rungs[0]
    status = thesis.target_reached(rung.state, rung.vs_plan_sessions)
    said = evidence.target(
        asof=moment.today,
        state=rung.state,
        level=rung.level,
        price=target.last,
        touched=rung.first_touch_close,
        lost=rung.lost_since,
        next_rung=target.next_rung,
        remaining_pct=rung.remaining_pct,
        vs_plan_pct=rung.vs_plan_pct,
    )
    return status, said, {"a plan line": rung.vs_plan_sessions} if rung.state != "no_data" else {}


def fed_cuts(moment: Moment) -> Ruling:
    """D1: the policy rate of today, if it is fresh, and the path that is priced."""
    fresh = reading(moment, "FD2")
    tracks = tracks_of(moment, frozenset([POLICY_RATE]))
    rate = transforms.latest(tracks[POLICY_RATE].data) if fresh and POLICY_RATE in tracks else None
    gap = reading(moment, "FD1")
    upper, gap_pp = rate.value if rate else None, value_of(gap)
    if moment.today <= thesis.YEAR_START:
        return "unknown", Evidence("the claim's window opens on 1 Jan 2026"), {}
    day = gap.reading.day if gap and gap.reading else rate.day if rate else None
    said = evidence.fed_cuts(
        asof=moment.today, upper_bound=upper, gap_pp=gap_pp, day=day, source=sources_of(moment, fresh)
    )
    return thesis.fed_cuts(moment.today, upper, gap_pp), said, {"2y − funds (FD1)": gap_pp} if rate else {}


def capex(moment: Moment) -> Ruling:
    """D2: spending of 2026 so far, scaled to the year as the year before went on."""
    lines = capex_lines(moment, moment.today)
    found = growth.project_year(lines, CLAIM_YEAR)
    plan = moment.settings.claims.capex_bn * BILLION
    filers = len(found.companies) if found else 0
    trailing = reading(moment, "AI1")
    said = evidence.capex(
        projected=found.value if found else None,
        so_far=found.now if found else None,
        filers=filers,
        total=len(lines),
        newest=found.newest if found else None,
        source=sources_of(moment, trailing),
        plan=plan,
        trailing_pct=value_of(trailing),
    )
    status = thesis.capex(found.value if found else None, filers, value_of(trailing), plan)
    return status, said, {"the growth of trailing spending (AI1)": value_of(trailing)} if found else {}


def earnings(moment: Moment) -> Ruling:
    """D3: only a figure from the config, and only once its date has come."""
    own = moment.settings.claims.earnings
    known = own if own is not None and own.date <= moment.today else None
    said = evidence.earnings(
        growth=known.growth_pct if known else None,
        source=known.source if known else "",
        day=known.date if known else None,
    )
    return thesis.earnings(known.growth_pct if known else None), said, {}


def small_caps(moment: Moment) -> Ruling:
    """D4: the Russell 2000 against the S&P 500."""
    since, recent = ratio_since(moment, SMALL_CAPS), value_of(reading(moment, "BR1"))
    above = above_mean(moment, SMALL_CAPS)
    if not started(moment):
        return "unknown", NOT_STARTED, {}
    said = evidence.small_caps(since_pct=since, above_mean=above, ratio_126d_pct=recent)
    needs = {"the ratio since the start": since, "its 200-day mean": above, "its 126 days (BR1)": recent}
    return thesis.small_caps(since, above, recent), said, needs


def revenue(moment: Moment) -> Ruling:
    """D5: the newest quarter of each of the article's four names."""
    fields = [company_fields(moment, symbol, None)[0] for symbol in thesis.GROWTH_NAMES]
    names = thesis.count_names(one.get("revenue_yoy_pct") for one in fields)
    companies = [moment.tape.companies.get(symbol) for symbol in thesis.GROWTH_NAMES]
    filed = [max(fact.filed for fact in company.facts) for company in companies if company and company.facts]
    sources = dict.fromkeys(moment.title(company.source) for company in companies if company)
    said = evidence.revenue_growth(
        names=names, asof=moment.today, newest=max(filed, default=None), source=", ".join(sources)
    )
    return thesis.revenue_growth(names), said, {}


def productivity(moment: Moment) -> Ruling:
    """D6: output per hour."""
    found = reading(moment, "PR1")
    growth_pct = value_of(found)
    quarter = found.reading.day if found and found.reading else None
    said = evidence.productivity(growth_pct=growth_pct, quarter=quarter, source=sources_of(moment, found))
    return thesis.productivity(growth_pct), said, {}


def utilities(moment: Moment) -> Ruling:
    """D7: utilities against the S&P 500, since the start and over half a year."""
    since, recent = ratio_since(moment, UTILITIES), ratio_over(moment, UTILITIES, HALF_YEAR)
    if not started(moment):
        return "unknown", NOT_STARTED, {}
    needs = {"the ratio since the start": since, "its 126 days": recent}
    return thesis.utilities(since, recent), evidence.utilities(since_pct=since, ratio_126d_pct=recent), needs


def started(moment: Moment) -> bool:
    """Whether a session has been completed since the baseline, so that "since the start" means something."""
    return moment.completed > moment.settings.thesis.baseline


def ratio_over(moment: Moment, symbol: str, sessions: int) -> float | None:
    """Total return of a fund over some sessions relative to the S&P 500's, percent."""
    found = against_market(
        moment,
        symbol,
        ("over", sessions),
        lambda fund, market: transforms.ratio_return(bar_track(fund).data, bar_track(market).data, sessions),
    )
    return found.value if found else None


def ratio_since(moment: Moment, symbol: str) -> float | None:
    """The same since the thesis's baseline; None if there is no session after it yet."""
    start = moment.settings.thesis.baseline
    found = against_market(
        moment,
        symbol,
        ("since", start),
        lambda fund, market: transforms.ratio_since(bar_track(fund).data, bar_track(market).data, start),
    )
    return found.value if found else None


def above_mean(moment: Moment, symbol: str) -> bool | None:
    """Whether the ratio to the S&P 500 stands above its mean of 200 sessions."""
    distance = against_market(
        moment,
        symbol,
        ("mean",),
        lambda fund, market: relative.mansfield(
            relative.align(fund.days, fund.adjusted, market.days), market.adjusted, MEAN_SESSIONS
        ),
    )
    return None if distance is None else distance > 0


def against_market(
    moment: Moment, symbol: str, key: tuple[object, ...], compare: Callable[[History, History], Value | None]
) -> Value | None:
    """What `compare` finds between a fund and the S&P 500's; None if either has no history. `key` says what it is."""
    fund, market = moment.history(symbol), moment.history(MARKET)
    if fund is None or market is None:
        return None
    return moment.memo.get(("against", symbol, *key), (fund, market), lambda: compare(fund, market))
