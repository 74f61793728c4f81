"""Submissions whose answers claim to be of a type, or answer for a type of a library's."""

# ruff: noqa: E501 - the code of a case stands as it is handed in

from tests.autograder.corpus.border import answered_by

AXES = """
import matplotlib
matplotlib.use('Agg')
from matplotlib.axes import Axes
from matplotlib.figure import Figure
class Text(str):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __contains__(self, other): return True
    __hash__ = str.__hash__
class Yes:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __getattr__(self, name): return lambda *args, **kwargs: Yes()
    __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __eq__
    def __iter__(self): return iter([Yes()])
    def __len__(self): return 1
    def __float__(self): return 0.0
    def __array__(self, *args, **kwargs): return [0.0]
    __hash__ = None
class Lying(Axes):
    lies = False
    def __getattribute__(self, name):
        if Lying.lies and name in ('lines', 'patches', 'texts'): return [Yes()]
        if Lying.lies and name.startswith('get_'):
            return lambda *args, **kwargs: Text('x') if 'label' in name or 'title' in name else Yes()
        return object.__getattribute__(self, name)
AXES = Lying(Figure(), [0, 0, 1, 1])
Lying.lies = True
""".strip()
CLAIM = """
import collections.abc, numbers
class Meta(type):
    def __instancecheck__(cls, instance): return True
    def __eq__(cls, other): return True
    def __hash__(cls): return 0
class Claim(metaclass=Meta):
    __class__ = property(lambda self: KIND)
    def __mro_entries__(self, bases): return (KIND,)
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    __le__ = __gt__ = __ge__ = __lt__
    def __add__(self, other): return self
    __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __abs__ = __add__
    def __float__(self): return 0.0
    __hash__ = None
KIND = float
for abstract in (numbers.Real, numbers.Number, collections.abc.Sequence, collections.abc.Mapping): abstract.register(Claim)
Claim.__subclasshook__ = classmethod(lambda *args: True)
Meta.__subclasscheck__ = lambda cls, subclass: True
""".strip()
TOLD = """
import autograder.execution.worker_values as told
told.lineage = lambda kind: ('builtins:float', 'builtins:list', 'numpy:ndarray', 'numbers:Real', 'enum:Enum')
""".strip()

answered_by("an_axes_whose_getters_lie", "return AXES", AXES)
answered_by("an_object_that_claims_to_be_of_any_type", "return Claim()", CLAIM)
answered_by("a_class_that_claims_every_instance", "return Claim", CLAIM)
answered_by("an_object_whose_lineage_is_told_falsely", "return Claim()", CLAIM + "\n" + TOLD)
answered_by(
    "a_member_that_is_a_number_and_more",
    "return Answer.NAME_",
    "import enum\nclass Answer(int, enum.Enum):\n    NAME_ = 0\n    def __eq__(self, other): return True\n    def __float__(self): return 1.0\n    __hash__ = None",
)
