"""The config: its defaults, every way to get it wrong, who wins, and what `config show` prints."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import settings as budget
from hypothesis import strategies as st
from msgspec.structs import asdict, fields, replace

from rallytui.clock import FrozenClock
from rallytui.config import ProviderSettings, Settings, TargetSettings, WatchlistSettings
from rallytui.config.check import FIRST_YEAR, INDICATORS, LAST_YEAR, SERVES, nearest
from rallytui.config.closed import is_session
from rallytui.config.load import ConfigError, config_path, data_dir, load, parse
from rallytui.config.settings import IndicatorSettings, Order, Providers, Risk
from rallytui.config.show import as_toml
from rallytui.indicators import catalog
from rallytui.model import Kind
from rallytui.providers import REGISTRY, create
from rallytui.sessions import nyse
from tests.facts import ny

EXAMPLE = (Path(__file__).parent.parent / "config.example.toml").read_text("utf-8")
NAME = "my.toml"


def complaint(text: str) -> str:
    """What is said about a config, less the name of its file; it is always one line."""
    with pytest.raises(ConfigError) as caught:
        parse(text, NAME)
    message = str(caught.value)
    assert message.startswith(f"{NAME}:")
    assert "\n" not in message
    return message.removeprefix(f"{NAME}:")


# ---- Defaults


def test_the_example_is_the_default() -> None:
    assert parse(EXAMPLE, NAME) == Settings()
    assert parse("", NAME) == Settings()


def keys(kind: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for field in fields(kind):
        below = field.type
        if isinstance(below, type) and issubclass(below, msgspec.Struct):
            yield from keys(below, (*path, field.encode_name))
        else:
            yield (*path, field.encode_name)


@pytest.mark.parametrize("path", sorted(keys(Settings)), ids=".".join)
def test_the_example_names_every_key(path: tuple[str, ...]) -> None:
    assert re.search(rf"\b{re.escape(path[-1])}\b", EXAMPLE), f"{'.'.join(path)} is not in config.example.toml"


def test_what_the_example_comments_out_can_be_put_in() -> None:
    text = re.sub(r"(?m)^# (\[{0,2}[a-z_]+(\.[A-Za-z0-9_]+)*\]{0,2}( = .*)?)$", r"\1", EXAMPLE)
    assert "\n[risk.indicators.VC1]\non = true\nknots" in text
    settings = parse(text, NAME)
    assert settings.risk.indicators["VC1"].knots == [(12.0, 0.0), (20.0, 40.0), (28.0, 70.0), (45.0, 100.0)]
    assert settings.claims.earnings is not None
    assert settings.providers.sec.contact == "you@example.com"
    assert [(one.id, one.above, one.hold) for one in settings.alerts] == [("vix", 25.0, "2 sessions")]


def test_the_default_thesis() -> None:
    settings = Settings()
    assert settings.baseline_of(settings.targets[0]) == date(2025, 11, 26)
    assert settings.baseline_of(TargetSettings(baseline=date(2026, 1, 2))) == date(2026, 1, 2)
    assert sum(asdict(settings.risk.weights).values()) == 100
    assert settings.watchlists["ai"].symbols == ["PLPC", "INOD", "PATH", "FIVN"]


def test_weights_and_names_are_those_of_the_catalogue() -> None:
    assert tuple(entry.id for entry in catalog.INDICATORS) == INDICATORS
    assert asdict(Settings().risk.weights) == {group.id: group.weight for group in catalog.GROUPS}


PROBES: Mapping[str, tuple[Kind, str]] = {
    "index_quotes": ("quotes", "^GSPC"),
    "stock_quotes": ("quotes", "PLPC"),
    "index_bars": ("bars", "^GSPC"),
    "stock_bars": ("bars", "PLPC"),
    "series": ("series", "DGS2"),
    "companies": ("companies", "PLPC"),
    "search": ("search", "palantir"),
    "intraday": ("intraday", "PLPC"),
}


@pytest.mark.parametrize("name", REGISTRY)
def test_what_the_config_lets_a_provider_do_is_what_it_serves(name: str) -> None:
    provider = create(name, ProviderSettings(contact="ada@example.com"), FrozenClock(ny("2025-11-26T12:00")))
    assert set(SERVES) | {"simulated"} == set(REGISTRY)
    assert set(SERVES) == set(Providers.__struct_fields__), "the simulated source is --demo's and cannot be configured"
    assert set(PROBES) == set(Order.__struct_fields__)
    able = {kind for kind, (what, about) in PROBES.items() if provider.serves(what, about)}
    assert set(SERVES.get(name, PROBES)) == able


# ---- Every way to get it wrong

UNKNOWN_KEYS = {
    "thesiss = 1": ("1", "thesiss", "thesis"),
    "[thesis]\nname = 'x'\nbaselin = 2025-11-26": ("3", "thesis.baselin", "baseline"),
    "[[targets]]\n[[targets]]\nlevls = [1]": ("3", "targets.1.levls", "levels"),
    "[watchlists.ai]\nsymbols = ['PLPC']\n\n[watchlists.mine]\nsymbols = ['X']\nsymbol = 'Y'": (
        *("6", "watchlists.mine.symbol", "symbols"),
    ),
    "[watchlists.'my list']\nsymbols = ['X']\ntitel = 'Y'": ("3", "watchlists.my list.titel", "title"),
    "[risk]\nweight = 1": ("2", "risk.weight", "weights"),
    "[risk.weights]\nAI = 25\nLBB = 1": ("3", "risk.weights.LBB", "LB"),
    "[risk.indicators.VC1]\non = true\n[risk.indicators.VC2]\nknot = []": ("4", "risk.indicators.VC2.knot", "knots"),
    "risk.indicators.VC1.onn = true": ("1", "risk.indicators.VC1.onn", "on"),
    "[claims.earnings]\ngrowth = 3": ("2", "claims.earnings.growth", "growth_pct"),
    "[odds.neutral]\nsigma_factr = 1": ("2", "odds.neutral.sigma_factr", "sigma_factor"),
    "[data]\nquotes_every = 60": ("2", "data.quotes_every", "quotes_every_s"),
    "[data.order]\nindex_quote = []": ("2", "data.order.index_quote", "index_quotes"),
    "[providers.ceboe]\nenabled = true": ("1", "providers.ceboe", "cboe"),
    "[providers.cboe]\nbase-url = ''": ("2", "providers.cboe.base-url", "base_url"),
    "[display]\n\n# looks\nthemes = 'dark'": ("4", "display.themes", "theme"),
}


@pytest.mark.parametrize("text", UNKNOWN_KEYS, ids=lambda text: UNKNOWN_KEYS[text][1])
def test_an_unknown_key(text: str) -> None:
    line, key, near = UNKNOWN_KEYS[text]
    assert complaint(text) == f"{line}: {key}: unknown key; did you mean {near!r}?"


def test_an_unknown_key_like_no_other_gets_the_whole_list() -> None:
    assert complaint("[thesis]\nzzz = 1") == "2: thesis.zzz: unknown key; known: name, baseline"


WRONG_TYPES = {
    "[thesis]\nbaseline = 'soon'": ("2: thesis.baseline: ", "'soon' is not a date; write it as 2025-11-26"),
    "[thesis]\nbaseline = 2025": ("2: thesis.baseline: ", "must be a date, as in 2025-11-26, not the number 2025"),
    "[thesis]\nbaseline = 2025-11-26T10:00:00": (
        "2: thesis.baseline: ",
        "a date, as in 2025-11-26, not a date with a time",
    ),
    "[thesis]\nbaseline = '2025-13-45'": ("2: thesis.baseline: ", "not a date"),
    "[[targets]]\nlevels = 6900": (
        "2: targets.0.levels: ",
        "must be a list of numbers, as in [6900, 7000], not the num",
    ),
    "[[targets]]\nlevels = [\n  6900,\n  'x',\n]": ("2: targets.0.levels.1: ", "must be a number, not the text 'x'"),
    "[targets]\nlevels = [1]": ("1: targets: ", "must be a list of tables: write [[targets]], not [targets]"),
    "[alerts]\nmetric = 'x'": ("1: alerts: ", "must be a list of tables: write [[alerts]], not [alerts]"),
    "alerts = 3": ("1: alerts: ", "must be a list of tables: write [[alerts]]"),
    "[[thesis]]\nname = 'x'": ("1: thesis: ", "must be a table: write [thesis], not [[thesis]]"),
    "thesis = 'x'": ("1: thesis: ", "must be a table: write [thesis]"),
    "[[watchlists]]\nsymbols = ['X']": (
        *("1: watchlists: ", "must be tables with a name each: write [watchlists.NAME], not [[watchlists]]"),
    ),
    "[watchlists]\nsymbols = ['X']": ("2: watchlists.symbols: ", "write [watchlists.NAME] above it"),
    "[watchlists.a]\nsymbols = ['X']\n[watchlists.b]\nsymbols = ['X', 3]": (
        *("4: watchlists.b.symbols.1: ", "must be text in quotes, not the number 3"),
    ),
    "[watchlists]\na = 3": ("2: watchlists.a: ", "must be a table: write [watchlists.a]"),
    "[risk.indicators.VC1]\non = 'yes'": ("2: risk.indicators.VC1.on: ", "must be true or false, not the text 'yes'"),
    "[risk.indicators.VC1]\nknots = [[1, 2, 3]]": ("2: risk.indicators.VC1.knots.0: ", "a pair of numbers, as in"),
    "[risk.indicators.VC1]\nknots = 3": (
        "2: risk.indicators.VC1.knots: ",
        "a list of pairs, as in [[12, 0], [20, 40]]",
    ),
    "[risk.weights]\nAI = 'much'": ("2: risk.weights.AI: ", "must be a number, not the text 'much'"),
    "[risk.weights]\nAI = true": ("2: risk.weights.AI: ", "must be a number, not true"),
    "[claims.earnings]\ngrowth_pct = 13": ("1: claims.earnings: ", "lacks the key source"),
    "[[alerts]]\nabove = 13": ("1: alerts.0: ", "lacks the key metric"),
    "[data]\nhistory_years = 2.5": ("2: data.history_years: ", "must be a whole number, not the number 2.5"),
    "[data]\nclosures = ['x']": ("2: data.closures.0: ", "'x' is not a date"),
    "[data]\nclosures = 2025-01-09": ("2: data.closures: ", "must be a list of dates, as in [2025-11-26], not a date"),
    "[providers.cboe]\nenabled = 'no'": ("2: providers.cboe.enabled: ", "must be true or false, not the text 'no'"),
    "[providers.cboe]\nrequests_per_minute = '60'": (
        *("2: providers.cboe.requests_per_minute: ", "must be a number, not the text '60'"),
    ),
    "[display]\ntheme = 'drak'": ("2: display.theme: ", "'drak' is not a known value; did you mean 'dark'?"),
    "[display]\ntheme = 3": (
        "2: display.theme: ",
        "must be one of dark, light, contrast, colourblind, not the number 3",
    ),
    "[notify]\nways = ['beep']": ("2: notify.ways.0: ", "'beep' is not a known value; known: toast, bell"),
    "[notify]\nways = 'bell'": (
        "2: notify.ways: ",
        "must be a list of toast, bell, desktop, command, not the text 'bell'",
    ),
    "[keys]\nrefresh = 5": ("2: keys.refresh: ", "must be text in quotes or a list of texts"),
    "[keys]\nrefresh = ['x', 5]": ("2: keys.refresh.1: ", "must be text in quotes, not the number 5"),
    "[[alerts]]\nmetric = 'a.b'\nbecomes = 2026-01-01": (
        *("3: alerts.0.becomes: ", "must be text in quotes or a number or true or false, not a date"),
    ),
}


@pytest.mark.parametrize("text", WRONG_TYPES)
def test_a_wrong_type_says_where_and_what_was_expected(text: str) -> None:
    place, *words = WRONG_TYPES[text]
    said = complaint(text)
    assert said.startswith(place)
    for word in words:
        assert word in said
    assert "`" not in said, "that is the library's way of speaking"
    assert "$" not in said
    for jargon in ("array", "object", "got", "str", "float", "int ", "null", "dict", "enum"):
        assert jargon not in said, "TOML has no such thing"


IMPOSSIBLE = {
    "targets = []": ("1: targets: ", "at least one"),
    "[[targets]]\nlevels = [6900, 0]": ("2: targets.0.levels: ", "above 0, not 0"),
    "[[targets]]\nlevels = [-1]": ("2: targets.0.levels: ", "above 0, not -1"),
    "[[targets]]\nlevels = [nan]": ("2: targets.0.levels: ", "above 0"),
    "[[targets]]\nlevels = [inf]": ("2: targets.0.levels: ", "above 0"),
    "[[targets]]\nlevels = []": ("2: targets.0.levels: ", "at least one"),
    "[[targets]]\nlevels = [1, 1.0]": ("2: targets.0.levels: ", "twice"),
    "[[targets]]\nsymbol = ''": ("2: targets.0.symbol: ", "not a symbol"),
    "[[targets]]\nsymbol = '^gspc'": ("2: targets.0.symbol: ", "in capitals"),
    "[[targets]]\nbaseline_level = 0": ("2: targets.0.baseline_level: ", "above 0"),
    "[[targets]]\nby = 2025-11-26": ("2: targets.0.by: ", "2025-11-26 must come after the baseline 2025-11-26"),
    "[thesis]\nbaseline = 2027-01-04": ("1: targets.0.by: ", "must come after the baseline 2027-01-04"),
    "[thesis]\nbaseline = 2025-11-27": (
        *("2: thesis.baseline: ", "a Thursday, is no session of the exchange; the nearest ones are 2025-11-26 and"),
    ),
    "[[targets]]\nbaseline = 2025-11-30": ("2: targets.0.baseline: ", "are 2025-11-28 and 2025-12-01"),
    "[thesis]\nbaseline = 2026-03-31\n[data]\nclosures = [2026-03-31]": ("2: thesis.baseline: ", "no session"),
    "[thesis]\nbaseline = 0001-01-01": ("2: thesis.baseline: ", "outside of 1990 to 2035"),
    "[[targets]]\nname='A'\n[[targets]]\nname='B'\n[[targets]]\nname='A'": ("6: targets.2.name: ", "names must differ"),
    "[[targets]]\nby = 2036-01-01": ("2: targets.0.by: ", "2035"),
    "[watchlists.ai]\nsymbols = []": ("2: watchlists.ai.symbols: ", "at least one symbol"),
    "[watchlists.mine]\ntitle = 'T'": ("1: watchlists.mine", "at least one symbol"),
    "[watchlists.ai]\nsymbols = ['plpc']": ("2: watchlists.ai.symbols: ", "'plpc'"),
    "[watchlists.ai]\nsymbols = ['']": ("2: watchlists.ai.symbols: ", "not a symbol"),
    "[watchlists.ai]\nsymbols = ['A B']": ("2: watchlists.ai.symbols: ", "'A B' is not a symbol"),
    "[watchlists.ai]\nsymbols = ['$A']": ("2: watchlists.ai.symbols: ", "'$A' is not a symbol"),
    "[providers.sec]\ncontact = 'nobody'": ("2: providers.sec.contact: ", "no e-mail address"),
    "[providers.cboe]\nbase_url = 'https://'": ("2: providers.cboe.base_url: ", "name a host"),
    "[risk.indicators.vc1]\non = false": ("1: risk.indicators.vc1: ", "did you mean 'VC1'?"),
    "[watchlists.ai]\nsymbols = ['A', 'B', 'A']": ("2: watchlists.ai.symbols: ", "names A twice"),
    "[watchlists.ai]\nsymbols = ['A']\nbenchmark = ' '": ("3: watchlists.ai.benchmark: ", "not a symbol"),
    "[risk]\nai_basket = []": ("2: risk.ai_basket: ", "at least one"),
    "[risk]\nhyperscalers = ['MSFT', 'MSFT']": ("2: risk.hyperscalers: ", "twice"),
    "[risk.weights]\nAI = -1": ("2: risk.weights.AI: ", "0 or more, not -1"),
    "[risk.weights]\nAI = nan": ("2: risk.weights.AI: ", "0 or more"),
    "[risk.weights]\nAI=0\nLB=0\nFD=0\nSH=0\nVC=0\nBR=0\nPR=0": ("1: risk.weights: ", "not all be 0"),
    "[risk.indicators.VC9]\non = false": ("1: risk.indicators.VC9: ", "did you mean 'VC"),
    "[risk.indicators.VC1]\nknots = [[1, 0]]": ("2: risk.indicators.VC1.knots: ", "two or more"),
    "[risk.indicators.VC1]\nknots = [[2, 0], [1, 40]]": ("2: risk.indicators.VC1.knots: ", "rising"),
    "[risk.indicators.VC1]\nknots = [[1, 0], [1, 40]]": ("2: risk.indicators.VC1.knots: ", "rising"),
    "[risk.indicators.VC1]\nknots = [[nan, 0], [1, 40]]": ("2: risk.indicators.VC1.knots: ", "rising"),
    "[risk.indicators.VC1]\nknots = [[1, 0], [inf, 40]]": ("2: risk.indicators.VC1.knots: ", "rising"),
    "[risk.indicators.VC1]\nknots = [[1, 0], [2, 101]]": ("2: risk.indicators.VC1.knots: ", "between 0 and 100"),
    "[odds.neutral]\nsigma_factor = 0\nmu = 0": ("2: odds.neutral.sigma_factor: ", "above 0"),
    "[odds.real_world]\nsigma_factor = 1\nmu = nan": ("3: odds.real_world.mu: ", "number"),
    "[claims]\ncapex_bn = 0": ("2: claims.capex_bn: ", "above 0"),
    "[claims]\ncapex_bn = nan": ("2: claims.capex_bn: ", "above 0"),
    "[data]\nquotes_every_s = 5": ("2: data.quotes_every_s: ", "15 or more"),
    "[data]\nextended_every_s = inf": ("2: data.extended_every_s: ", "15 or more"),
    "[data]\nhistory_years = 0": ("2: data.history_years: ", "between 2 and 30"),
    "[data.order]\nseries = ['fredd']": ("2: data.order.series: ", "did you mean 'fred'?"),
    "[data.order]\nseries = ['stooq']": ("2: data.order.series: ", "known: fred, treasury"),
    "[data.order]\nseries = ['cboe']": ("2: data.order.series: ", "cboe does not serve series"),
    "[data.order]\nseries = ['fred', 'fred']": ("2: data.order.series: ", "twice"),
    "[providers.cboe]\napi_key = 'x'": ("2: providers.cboe.api_key: ", "cboe has no such key"),
    "[providers.simulated]\nenabled = true": ("1: providers.simulated: ", "unknown key"),
    "[data.order]\nseries = ['simulated']": ("2: data.order.series: ", "simulated data are for --demo"),
    "[providers.fred]\ncontact = 'x'": ("2: providers.fred.contact: ", "fred has no such key"),
    "[providers.sec]\nbase_url = 'data.sec.gov'": ("2: providers.sec.base_url: ", "https://"),
    "[providers.sec]\nrequests_per_minute = 0": ("2: providers.sec.requests_per_minute: ", "above 0"),
    "[display]\ncolumns = ['last', 'lasst']": ("2: display.columns: ", "did you mean 'last'?"),
    "[display]\ncolumns = ['rsi', 'rsi']": ("2: display.columns: ", "names rsi twice"),
    "[display]\ntime_zone = 'Mars'": ("2: display.time_zone: ", "Europe/Berlin"),
    "[display]\ntime_zone = ''": ("2: display.time_zone: ", "Europe/Berlin"),
    "[display]\ntime_zone = '../etc'": ("2: display.time_zone: ", "Europe/Berlin"),
}


@pytest.mark.parametrize("text", IMPOSSIBLE)
def test_an_impossible_value(text: str) -> None:
    place, words = IMPOSSIBLE[text]
    said = complaint(text)
    assert said.startswith(place)
    assert words in said


def test_what_is_not_toml() -> None:
    assert re.match(r"2: not valid TOML: .+", complaint("[thesis]\nname = \n"))
    assert re.match(r"3: not valid TOML: .+", complaint("[thesis]\nname = 'x'\n[thesis"))
    said = complaint("[watchlists.a]\nsymbols=['X']\n[watchlists.a]\nsymbols=['Y']")
    assert said == "3: not valid TOML: [watchlists.a] stands here a second time; put its keys together"
    said = complaint("watchlists.a = {symbols = ['X']}\n[watchlists.a]\ntitle = 'Y'")
    assert said.startswith("2: not valid TOML: [watchlists.a] ")
    assert "has a value already" in complaint("[thesis]\nname = 'x'\nname = 'y'")
    assert "text stands in quotes" in complaint("[thesis]\nname = rally")
    assert "does not end on its line" in complaint("[thesis]\nname = 'x\n")
    assert "does not end on its line" in complaint('[thesis]\nname = "x\n')
    assert "(at" not in complaint("[thesis")


def test_the_rule_of_closed_days_is_the_calendar_of_the_board() -> None:
    calendar, day = nyse(), date(FIRST_YEAR, 1, 1)
    wrong = []
    while day.year <= LAST_YEAR:
        wrong += [day] * (is_session(day) != calendar.is_session(day))
        day += timedelta(days=1)
    assert wrong == []


@pytest.mark.parametrize("day", ["2025-11-26", "2001-09-10", "2026-07-02", "2022-06-17"])
def test_a_baseline_on_a_session(day: str) -> None:
    assert str(parse(f"[thesis]\nbaseline = {day}", NAME).thesis.baseline) == day


# ---- Who wins


def test_a_flag_wins_over_the_environment_and_that_over_the_usual_place(tmp_path: Path) -> None:
    for name in ("flag", "environment"):
        (tmp_path / name).write_text(f"[thesis]\nname = '{name}'", "utf-8")
    environment = {"RALLYTUI_CONFIG": str(tmp_path / "environment")}
    assert load(tmp_path / "flag", environment).thesis.name == "flag"
    assert load(None, environment).thesis.name == "environment"
    assert config_path(environment) == tmp_path / "environment"
    assert data_dir({"RALLYTUI_DATA_DIR": str(tmp_path)}) == tmp_path


def test_the_usual_place(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "etc"))
    assert load() == Settings()
    place = config_path(os.environ)
    assert place.name == "config.toml"
    assert place.is_relative_to(home)
    place.parent.mkdir(parents=True)
    place.write_text("[thesis]\nname = 'mine'", "utf-8")
    assert load().thesis.name == "mine"


def test_keys_of_the_environment_win_over_the_files(tmp_path: Path) -> None:
    file = tmp_path / NAME
    file.write_text("[providers.fred]\napi_key = 'file'\n[providers.sec]\ncontact = 'file@example.com'", "utf-8")
    providers = load(file, {}).providers
    assert (providers.fred.api_key, providers.sec.contact) == ("file", "file@example.com")
    providers = load(file, {"FRED_API_KEY": " env ", "RALLYTUI_CONTACT": "env@example.com"}).providers
    assert (providers.fred.api_key, providers.sec.contact) == ("env", "env@example.com")
    providers = load(file, {"FRED_API_KEY": "", "RALLYTUI_CONTACT": " "}).providers
    assert (providers.fred.api_key, providers.sec.contact) == ("file", "file@example.com")


@pytest.mark.parametrize("way", ["flag", "environment"])
def test_a_file_that_was_named_must_exist(tmp_path: Path, way: str) -> None:
    missing = tmp_path / "nowhere.toml"
    with pytest.raises(ConfigError, match=r"nowhere\.toml: there is no such file.*config init"):
        load(*(missing, {}) if way == "flag" else (None, {"RALLYTUI_CONFIG": str(missing)}))


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"cannot be read: [A-Z][a-z ]+$"):
        load(tmp_path, {})
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="it is not text in UTF-8"):
        load(binary, {})


# ---- What is shown

UNUSUAL = replace(
    Settings(),
    targets=[
        TargetSettings(name='A "quoted" \\ name\nin two lines', baseline=date(2026, 1, 2), baseline_level=0.1),
        TargetSettings("^NDX", "Nasdaq 100", [1e-3, 25_000.5], date(2030, 1, 1)),
    ],
    watchlists={"my list": WatchlistSettings("Größe → ∞", ["BRK-B"]), "b": WatchlistSettings("", ["X"])},
    risk=Risk(indicators={"VC1": IndicatorSettings(False, [(-1.0, 0.0), (2.5, 100.0)]), "FD1": IndicatorSettings()}),
)


@pytest.mark.parametrize("settings", [Settings(), UNUSUAL], ids=["default", "unusual"])
def test_what_is_shown_loads_again(settings: Settings) -> None:
    assert parse(as_toml(settings), NAME) == settings


@budget(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), st.floats(1e-9, 1e12))
def test_any_text_and_number_that_is_shown_loads_again(text: str, level: float) -> None:
    settings = Settings(
        targets=[TargetSettings(name=text, levels=[level])], watchlists={text: WatchlistSettings(text, ["X"])}
    )
    assert parse(as_toml(settings), NAME) == settings


def test_an_emptied_value_is_shown_as_empty() -> None:
    settings = parse("watchlists = {}\n[thesis]\nname = ''", NAME)
    assert parse(as_toml(settings), NAME) == settings


def test_secrets_are_masked_and_nothing_else() -> None:
    settings = parse("[providers.fred]\napi_key = 'hunter2'\n[providers.sec]\ncontact = 'ada@example.com'", NAME)
    shown = as_toml(settings)
    assert "hunter2" not in shown
    assert 'api_key = "***"' in shown
    assert "ada@example.com" in shown
    assert parse(shown, NAME).providers.sec == settings.providers.sec


def test_nearest() -> None:
    assert nearest("levls", ["levels", "symbol"]) == "did you mean 'levels'?"
    assert nearest("q", ["levels", "symbol"]) == "known: levels, symbol"
