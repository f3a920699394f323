"""The build: notebooks, codebooks and the sample, which lie at the top of the repository, go into the wheel.

`framing init` lays them out again. `framing/template/files.txt` lists them; everything else is in pyproject.toml.
"""

from __future__ import annotations

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

_TEMPLATE = Path("framing", "template")


def _find_sources() -> list[str]:
    """Paths of the files of a project, from the top of the repository on."""
    patterns = (_TEMPLATE / "files.txt").read_text(encoding="utf-8").split()
    return sorted(path.as_posix() for pattern in patterns for path in Path().glob(pattern))


class BuildWithTemplate(build_py):
    """`build_py` that copies the files of a project into `framing/template/` of the build."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:  # from a clone they are read where they lie
            for target, source in self._map_template().items():
                self.mkpath(str(Path(target).parent))
                self.copy_file(source, target, preserve_mode=False)

    def get_source_files(self) -> list[str]:
        return [*super().get_source_files(), *_find_sources()]

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        return [*super().get_outputs(include_bytecode), *self._map_template()]

    def get_output_mapping(self) -> dict[str, str]:
        return {**super().get_output_mapping(), **self._map_template()}

    def _map_template(self) -> dict[str, str]:
        """Source by place in the build; none in an editable build."""
        if self.editable_mode:
            return {}
        return {str(Path(self.build_lib, _TEMPLATE, source)): source for source in _find_sources()}


setup(cmdclass={"build_py": BuildWithTemplate})
