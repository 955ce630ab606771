"""What is wrong with a typed answer, as a key of the wording with its places."""


class Misread(ValueError):
    """A text that is no answer: `problem` names the sentence `readers.<problem>`, `places` what it mentions."""

    def __init__(self, problem: str, **places: object) -> None:
        super().__init__(problem)
        self.problem, self.places = problem, places
