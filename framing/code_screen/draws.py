"""Draws as the screen opens them: from the whole folder of `framing sample`, or from `for_coders` alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from framing.code_screen.messages import Marks
from framing.codebook import Codebook, read_codebook
from framing.coding.decision_file import DecisionFile
from framing.coding.decision_rows import refuse_file
from framing.coding.decisions import DECISION_ENDING, SETTLED, About, Span
from framing.coding.design import DESIGN_FILE, DesignFacts, read_design, read_facts, rules_hash
from framing.coding.filled_sheets import FilledRow, read_sheet
from framing.coding.screen_file import SCREEN_FILE, ScreenFile, make_screen_file, read_screen_file, write_screen_file
from framing.coding.spans import check_places
from framing.corpus import read_corpus
from framing.errors import InputError
from framing.project import corpus_folder, named_file

__all__ = ["Draw", "check_decisions", "find_codebook", "open_decisions", "open_draw"]

_FOR_CODERS, _CODED = "for_coders", "coded"


@dataclass(frozen=True)
class Draw:
    """A draw that can be coded on the screen.

    Attributes
    ----------
    folder : Path
        Folder that holds it.
    screen : ScreenFile
        What the screen shows.
    facts : DesignFacts or None
        How it was drawn; None where only what is for coders is there.
    remark : str
        Why passages stand alone, where they could not be shown in their documents; else empty.
    """

    folder: Path
    screen: ScreenFile
    facts: DesignFacts | None = None
    remark: str = ""

    @property
    def coders(self) -> tuple[str, ...]:
        """Names of the coders."""
        return tuple(self.screen.orders)

    @property
    def decision_files(self) -> list[Path]:
        """Files of the coders' decisions that are there, in the order of the design."""
        return [path for coder in self.coders if (path := self.place(coder)).is_file()]

    @property
    def about(self) -> About:
        """What a file of decisions on this draw is about, without its coder."""
        book = self.screen.codebook
        return About(self.screen.draw, "", f"{book.codebook} {book.version}", rules_hash(book))

    def place(self, coder: str) -> Path:
        """Find where the decisions of a coder are.

        Parameters
        ----------
        coder : str
            Name of the coder, or `settled`.

        Returns
        -------
        Path
            The file, which need not exist.
        """
        return self.folder / _CODED / f"{coder}{DECISION_ENDING}"

    def find_coder(self, name: str) -> str:
        """Find a coder by name.

        Parameters
        ----------
        name : str
            The name; letter case does not matter. Empty: the only coder.

        Returns
        -------
        str
            The name as the design writes it.

        Raises
        ------
        InputError
            If the draw has no such coder, or no name is given and there are several.
        """
        found = [
            coder for coder in self.coders if coder.lower() == name.lower() or (not name and len(self.coders) == 1)
        ]
        if not found:
            got = f"got {name!r}" if name else "got none"
            raise InputError(
                f"expected one of the coders of this draw, {', '.join(self.coders)}; {got}.", argument="coder"
            )
        return found[0]


def open_draw(folder: Path, *, codebook: Codebook | None = None, data_path: str = "") -> Draw:
    """Open a draw for the screen.

    Parameters
    ----------
    folder : Path
        Folder that `framing sample` wrote, or its `for_coders`.
    codebook : Codebook, optional
        Codebook of the draw; needed for draws of earlier versions, if the project does not have it.
    data_path : str, default ""
        Folder of the corpus files, for such draws, over the environment variable FRAMING_DATA.

    Returns
    -------
    Draw
        The draw. For one of an earlier version `for_coders/screen.json` is made.

    Raises
    ------
    InputError
        Where the folder holds no draw, or its parts do not belong together.
    """
    if folder.name == _FOR_CODERS and (folder.parent / DESIGN_FILE).is_file():
        folder = folder.parent
    if not (folder / DESIGN_FILE).is_file():
        if not (folder / SCREEN_FILE).is_file():
            raise InputError(f"{folder} holds neither {DESIGN_FILE} nor {SCREEN_FILE}; give what framing sample wrote.")
        return Draw(folder, read_screen_file(folder / SCREEN_FILE))
    facts = read_facts(folder)
    path, remark = folder / _FOR_CODERS / SCREEN_FILE, ""
    if path.is_file():
        screen = read_screen_file(path)
    else:
        screen, remark = _remake_screen(folder, facts, codebook or find_codebook(facts), data_path)
        write_screen_file(path, screen)
    if screen.draw != facts.drawn_sha256:
        raise InputError(f"{path} is of another draw than {folder / DESIGN_FILE}; take both from one folder.")
    if codebook is not None and rules_hash(codebook) != facts.rules_hash:
        raise InputError(
            f"{folder} was drawn for {facts.codebook} {facts.codebook_version} with other rules than those of "
            f"{codebook.codebook} {codebook.version}. Leave the codebook out: the draw has its own."
        )
    return Draw(folder, screen, facts, remark)


def find_codebook(facts: DesignFacts) -> Codebook:
    """Find the codebook of a draw in the project.

    Parameters
    ----------
    facts : DesignFacts
        How it was drawn.

    Returns
    -------
    Codebook
        The codebook, for the unit that was coded.

    Raises
    ------
    InputError
        If the project has none of that name.
    """
    try:
        file = named_file("seeds", facts.codebook, ".yaml", kind="codebook")
    except InputError as error:
        raise InputError(f"{error} If it stands elsewhere, add --codebook FILE.") from None
    return read_codebook(file).with_unit(facts.coded)


def open_decisions(draw: Draw, coder: str) -> DecisionFile:
    """Open the decisions of a coder, and make the file where it is missing.

    Parameters
    ----------
    draw : Draw
        The draw.
    coder : str
        One of its coders, or `settled`.

    Returns
    -------
    DecisionFile
        The file.

    Raises
    ------
    InputError
        If the file is of another draw, coder or codebook, is damaged, or was changed by another program.
    """
    path, about = draw.place(coder), About(**{**vars(draw.about), "coder": coder})
    if path.is_file():
        file = DecisionFile(path)
        if file.about != about:
            names = [name for name in vars(about) if getattr(file.about, name) != getattr(about, name)]
            file.close()
            raise InputError(f"{path} is of another {', '.join(names)} than {draw.folder}; move it elsewhere.")
        try:
            check_decisions(draw, file)
        except InputError:
            file.close()
            raise
        return file
    return DecisionFile.create(path, about, _list_given(draw, coder))


def check_decisions(draw: Draw, file: DecisionFile) -> None:
    """Check that a file of decisions fits its draw: passages with their texts, frames, and places of spans.

    Parameters
    ----------
    draw : Draw
        The draw.
    file : DecisionFile
        Decisions of one of its coders, or `settled`.

    Raises
    ------
    InputError
        If it has other passages or texts than the coder was given, or frames that the codebook lacks.
    """
    given = {passage_id: text for passage_id, _, text in _list_given(draw, file.about.coder)}
    texts = {passage_id: text for passage_id, (_, text) in file.passages.items()}
    for passage_id in dict.fromkeys([*given, *texts]):
        if passage_id not in texts:
            raise refuse_file(file.path, f"it lacks the passage {passage_id} of {draw.folder}")
        if passage_id not in given:
            raise refuse_file(file.path, f"its passage {passage_id} is none that {draw.folder} has for this coder")
        if texts[passage_id] != given[passage_id]:
            raise refuse_file(file.path, f"the text of its passage {passage_id} is not the one drawn")
    known = set(draw.screen.codebook.frame_ids)

    def check(what: str, passage_id: str, frames: Iterable[str], spans: Iterable[Span]) -> None:
        unknown = [frame for frame in frames if frame not in known]
        if unknown:
            raise refuse_file(file.path, f"{what} has the frame {unknown[0]!r}, which the codebook lacks")
        try:
            check_places(spans, texts[passage_id], draw.screen.codebook)
        except InputError as error:
            raise refuse_file(file.path, f"{what}: {error}".removesuffix(".")) from None

    for decision in file.history():
        check(f"decision {decision.number}", decision.passage_id, decision.frames, decision.spans)
    for passage_id, content in file.read_drafts().items():
        try:
            marks = Marks.model_validate(content)
        except ValidationError as error:
            place = ".".join(str(part) for part in error.errors()[0]["loc"])
            raise refuse_file(file.path, f"the draft on {passage_id} has a wrong value at {place}") from None
        check(f"the draft on {passage_id}", passage_id, marks.frames, ())


def _list_given(draw: Draw, coder: str) -> list[tuple[str, str, str]]:
    """passage_id, place and text of what a coder codes, in order; those who settle see any passage."""
    texts = {passage.passage_id: passage.text for passage in draw.screen.passages}
    order = draw.screen.orders.get(coder, ())
    if coder == SETTLED:
        order = tuple((str(number), passage_id) for number, passage_id in enumerate(texts, start=1))
    return [(passage_id, place, texts[passage_id]) for place, passage_id in order]


def _remake_screen(folder: Path, facts: DesignFacts, codebook: Codebook, data_path: str) -> tuple[ScreenFile, str]:
    """What the screen shows of a draw of an earlier version: orders from the sheets, documents from the corpus."""
    design = read_design(folder, codebook)
    texts = dict(zip(design.passages["passage_id"], design.passages["text"], strict=True))
    orders: dict[str, list[tuple[str, str]]] = {}
    for coder in facts.coders:
        given = {
            passage_id
            for passage_id, coders in zip(design.passages["passage_id"], design.passages["coders"], strict=True)
            if coder in coders.split(";")
        }
        ids = [passage_id for passage_id in _read_order(folder, coder, codebook, texts) if passage_id in given]
        ids += sorted(given - set(ids))
        orders[coder] = [(str(number), passage_id) for number, passage_id in enumerate(ids, start=1)]
    documents, remark = None, ""
    try:
        documents = read_corpus(corpus_folder(facts.corpus), data_path=data_path).documents
    except InputError as error:
        remark = f"passages are shown without the text around them, since the corpus cannot be read: {error}"
    return make_screen_file(facts, codebook, design.passages, orders, documents=documents), remark


def _read_order(folder: Path, coder: str, codebook: Codebook, texts: dict[str, str]) -> list[str]:
    """Ids of a coder's passages as the sheet has them; none where no sheet can be read."""
    for ending in (".csv", ".xlsx", ".json"):
        path = folder / _FOR_CODERS / f"{coder}{ending}"
        if path.is_file():
            rows = read_sheet(path, codebook, texts=texts).rows
            return list(dict.fromkeys(row.passage_id for row in rows if isinstance(row, FilledRow)))
    return []
