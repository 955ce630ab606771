"""Why the office does not do what was asked, as a key of the wording with its places."""


class Refused(Exception):
    """Nothing was written: `problem` names the sentence `<subject>.<problem>`, `places` what it mentions.

    Moments among the places are UTC; whoever says the sentence shows them in Tokyo.
    """

    def __init__(self, problem: str, **places: object) -> None:
        super().__init__(problem)
        self.problem, self.places = problem, places
