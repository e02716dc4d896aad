"""The layers of docs/architecture.md: a module imports downwards only; files and functions stay short."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
APPS = ("authors", "papers")
LONGEST_FILE, LONGEST_FUNCTION = 300, 40

# A module belongs to the layer of its longest prefix here; what stands nowhere is interface.
LAYERS = ["pure", "curation", "people", "papers", "interface"]
ROOMS = {
    "pure": """
        authors.names authors.identifiers authors.countries authors.colours papers.fingerprint papers.dates papers.venues
        papers.typesetting papers.typed papers.mathml papers.charts papers.site_css papers.metrics.formulas
        papers.metrics.scoring papers.importers.records
        papers.importers.cleaning papers.importers.fields papers.importers.reading papers.importers.openalex
        papers.importers.formats papers.importers.texts papers.importers.markup papers.importers.dating papers.importers.entries
        papers.importers.bibtex papers.importers.ris papers.importers.csl papers.importers.arxiv
        papers.importers.ror papers.search.words papers.search.tree papers.search.scoring papers.search.syntax
        papers.search.fields papers.search.ranges papers.search.tags papers.search.pairs papers.search.highlighting
        papers.structured papers.duplicates.scoring papers.tables.cells papers.tables.files
        papers.exports
        """.split(),
    "curation": ["authors.curation"],
    "people": "authors.models authors.querysets authors.editing authors.apps authors.tracked".split(),
    "papers": """
        papers.models papers.querysets papers.expressions papers.people papers.profiles papers.metrics papers.importers
        papers.search papers.duplicates papers.tables
        papers.affiliating papers.editing papers.ordering papers.apps papers.receivers papers.merging papers.sampling
        papers.announced papers.settling papers.tracked papers.correcting papers.tasks papers.harvesting papers.linking
        papers.changefeed papers.cursors papers.snapshots papers.author_lists
        """.split(),
    "interface": ["authors", "papers"],
}
PURE_MAY_NOT = ("django", "rest_framework", "django_filters")


def modules() -> Iterator[tuple[str, Path]]:
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            if "migrations" not in parts:
                yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def layer_of(module: str) -> str:
    rooms = [(room, layer) for layer, its_rooms in ROOMS.items() for room in its_rooms]
    fitting = [(room, layer) for room, layer in rooms if module == room or module.startswith(f"{room}.")]
    return max(fitting, key=lambda pair: len(pair[0]))[1]


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in KNOWN else node.module


MODULES = list(modules())
KNOWN = {name for name, _ in MODULES}


@pytest.mark.parametrize(("module", "path"), MODULES, ids=[name for name, _ in MODULES])
def test_a_module_imports_downwards_only(module: str, path: Path) -> None:
    own = LAYERS.index(layer_of(module))
    for imported in imports_of(path):
        if imported in KNOWN:
            assert LAYERS.index(layer_of(imported)) <= own, (
                f"{module} ({LAYERS[own]}) imports {imported} ({layer_of(imported)})"
            )
        assert not imported.startswith("config"), f"{module} imports {imported}: settings come through django.conf"
        if LAYERS[own] == "pure":
            assert not imported.startswith(PURE_MAY_NOT), f"{module} is pure and imports {imported}"
        if layer_of(module) in ("curation", "people"):
            assert not imported.startswith("papers"), f"{module} imports {imported}: people know nothing of papers"


def test_views_and_api_never_import_each_other() -> None:
    for module, path in MODULES:
        for imported in imports_of(path):
            if ".api" in module:
                assert not imported.startswith(("authors.views", "papers.views", "papers.pages")), (
                    f"{module} imports {imported}"
                )
            elif module.rpartition(".")[2] in ("views", "browse", "pages"):
                assert ".api" not in imported, f"{module} imports {imported}"


def test_config_names_the_apps_in_strings_only() -> None:
    for path in (ROOT / "config").glob("*.py"):
        assert not [name for name in imports_of(path) if name.split(".")[0] in APPS]


@pytest.mark.parametrize(("module", "path"), MODULES, ids=[name for name, _ in MODULES])
def test_files_and_functions_stay_short(module: str, path: Path) -> None:
    text = path.read_text()
    assert text.count("\n") <= LONGEST_FILE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert node.end_lineno - node.lineno < LONGEST_FUNCTION, f"{module}.{node.name} is too long"
