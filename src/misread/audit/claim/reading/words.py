"""The words that are known: quantities, praise, and what a sentence may say of a test."""

from __future__ import annotations

import re
from types import MappingProxyType

from misread.language import mark

NAMES = MappingProxyType(
    {
        "accuracy": mark("how often it is right"),
        "error_rate": mark("how often it is wrong"),
        "precision": mark("how many of its alarms are right"),
        "false_discovery_rate": mark("how many of its alarms are false"),
        "recall": mark("how many of those it looks for it finds"),
        "miss_rate": mark("how many of those it looks for it misses"),
        "specificity": mark("how many of the others it leaves alone"),
        "false_positive_rate": mark("for how many of the others it gives a false alarm"),
        "negative_predictive_value": mark("how often it is right where it gives no alarm"),
        "f1": mark("a mean of two rates (F1)"),
        "auc": mark("a measure over all thresholds (AUC or the like)"),
        "balanced_accuracy": mark("a mean over the words it can say (balanced accuracy)"),
        "agreement": mark("how often it agrees with somebody or something"),
        "kappa": mark("agreement beyond chance (kappa or the like)"),
        "correlation": mark("a correlation"),
        "confidence": mark("how sure the machine says it is"),
        "detection": mark("how many faces it finds in a picture"),
        "identity": mark("how often it knows who somebody is"),
        "benefit": mark("what is said to get better"),
        "opinion": mark("what people think of it"),
        "human_level": mark("as good as people"),
        "validated": mark("it was tested, proven or approved"),
        "unbiased": mark("it is fair, or without bias"),
        "praise": mark("praise without a number"),
    }
)
"""What a claim can be about."""

TRY = MappingProxyType(
    {
        "accuracy": "%s accurate",
        "error_rate": "wrong in %s of cases",
        "precision": "a precision of %s",
        "false_discovery_rate": "%s of alarms are false",
        "recall": "a sensitivity of %s",
        "specificity": "a specificity of %s",
        "false_positive_rate": "a false positive rate of %s",
        "auc": "an AUC of %s",
        "agreement": "it agrees with observers in %s of cases",
        "detection": "%s of faces are detected",
        "identity": "%s face recognition accuracy",
        "benefit": "%s better",
    }
)
"""A sentence that says just this, with a place for the number."""

_FIND = r"(?:detect|identif|recogni[sz]|spot|catch|caught|flag|f[io]und?\b|find|notic|pick|captur|locat|track)"
STATES = (
    r"(?:bore|distract|inattent|disengag|anxi|stress|angry|anger|sad|unhapp|depress|confus|frustrat|afraid|fear|tired|sleepy"
    r"|cheat|bull(?:y|ied)|lying|liar|resist|fake|negative|attentive|engaged|at[\s-]risk|troubled)\w*"
)
_ALARMS = r"(?:alarms?|alerts?|flags?|warnings?|notices|notifications?)"

QUANTITIES: tuple[tuple[str, str], ...] = (
    # The first that fits where a word begins counts: longer ones stand before those that they hold.
    (
        "relative",
        r"(?:more|less)\s+(?:accurate|precise|reliable|sensitive)|(?:better|higher)\s+accuracy"
        r"|accuracy\s+(?:gains?|improvement|boost|increase)"
        r"|(?:improv|increas|boost|rais)\w*\s+(?:\w+\s+){0,2}accuracy\s+by",
    ),
    ("within", r"(?:accurate|precise|correct|right)\s+to\s+within|margin\s+of\s+error"),
    # Right if the true word is among so many.
    ("vague", r"top[\s-]?(?:[2-9]|10)\s+accuracy"),
    # Of one word over all thresholds, or the mean of the precision of several words.
    ("vague_mean", r"(?<!mean )average\s+precision"),
    (
        "balanced_accuracy",
        r"balanced\s+accuracy|(?:unweighted|mean|average)\s+(?:average\s+)?recall"
        r"|(?:mean|average)\s+class\s+accuracy|UAR\b",
    ),
    (
        "identity",
        r"(?:face|facial)\s+recognition\s+(?:accuracy|rate)"
        r"|(?:face|facial)\s+recognition(?!\s+of\s+emotion)|identity\s+(?:recognition|verification)"
        r"|attendance\s+accuracy|(?:recogni[sz]|identif)\w*\s+(?:\w+\s+){0,2}(?:faces|people|pupils|students|children)\b",
    ),
    (
        "detection",
        r"face[\s-]+detection(?:\s+(?:accuracy|rate|recall))?|detection\s+(?:rate\s+)?of\s+faces"
        r"|faces?\s+(?:\w+\s+){0,2}(?:detected|found|located|captured|tracked)\b"
        r"|(?:detect|find|locat|track)\w*\s+(?:\w+\s+){0,2}faces?\b",
    ),
    ("false_positive_rate", r"false[\s-]+positive\s+rate|FPR\b|fall-?out"),
    ("miss_rate", r"false[\s-]+negative\s+rate|FNR\b|miss\s+rate"),
    ("false_discovery_rate", r"false\s+discovery\s+rate|FDR\b"),
    ("vague_alarm", r"false[\s-]+(?:positive|alarm|alert|flag)s?(?:\s+rate)?|false\s+negatives?"),
    ("specificity", r"specificity|true[\s-]+negative\s+rate|TNR\b|selectivity"),
    ("recall", r"sensitivity|recall|true[\s-]+positive\s+rate|TPR\b|hit\s+rate"),
    (
        "auc",
        r"mean\s+average\s+precision|mAP\b|AUC(?:-?ROC)?\b|AUROC"
        r"|(?:area\s+under\s+(?:the\s+)?)(?:ROC\s+)?curve|ROC(?:[\s-]*AUC)?\b",
    ),
    ("precision", r"precision|positive\s+predictive\s+value|PPV\b"),
    ("negative_predictive_value", r"negative\s+predictive\s+value|NPV\b"),
    (
        "f1",
        r"(?:(?:macro|micro|weighted)[\s-]*)?F[\s-]?1\b(?:[\s-]*(?:score|measure|value))?"
        r"|F[\s-]?(?:score|measure)",
    ),
    (
        "kappa",
        r"(?:Cohen|Fleiss)?(?:['’]s)?\s*(?:kappa|κ)\b|Krippendorff(?:['’]s)?\s*(?:alpha|α)"
        r"|intra-?class\s+correlation|ICC\b",
    ),
    ("correlation", r"correlat(?:ion|ed|es)(?:\s+coefficient)?|Pearson|Spearman"),
    (
        "error_rate",
        r"(?:mis-?classification|error|mistake)\s+rate|errors?\b|mistakes?\b|mis-?classif\w*"
        r"|(?:is|are|be|it[’']s)?\s*wrong(?:ly)?\b|inaccura\w+|incorrect(?:ly)?",
    ),
    (
        "accuracy",
        r"accura(?:cy|cies|te|tely)\b|correct(?:ly|ness)?\b|(?<=\bis )right\b|(?<=\bare )right\b"
        r"|right(?=\s+(?:in\b|up\s+to|[0-9]))|(?<=%\s)right\b|(?<=cent\s)right\b",
    ),
    (
        "agreement",
        r"agree(?:s|ment|d|ing)?\b|concordan(?:ce|t)|match(?:es|ed|ing)?\b|in\s+line\s+with"
        r"|consistent\s+with",
    ),
    ("opinion", r"satisf\w+|(?:would\s+)?recommend\w*|happy\s+with|approv(?:e|es|al)\b"),
    ("confidence", r"confiden(?:ce|t)(?:\s+(?:score|level)s?)?|certain(?:ty)?\b|\bsure\b|probability"),
    (
        "benefit",
        r"better|improv\w+|increas\w+|higher|boost\w*|rises?\b|rais\w+|gain(?:s|ed)?\b|reduc\w+|decreas\w+"
        r"|fewer|faster|saves?\b|drop(?:s|ped)?\b|more\s+(?:engaged|attentive|productive|focused)",
    ),
    ("prevalence", r"prevalence|base\s+rate"),
    (
        "vague",
        r"reliab\w+|chance\s+(?:that|of)\b|likelihood|effective(?:ness)?|efficacy|success(?:ful)?(?:\s+rate)?|perform\w*|precise(?:ly)?"
        r"|trustworth\w+|scores?\b"
        r"|(?:detection|recognition|identification|classification|prediction)\s+rate",
    ),
)

PRAISED: tuple[tuple[str, str], ...] = (
    (
        "human_level",
        r"(?:more|as)\s+accurate(?:ly)?\s+(?:than|as)\s+(?:a\s+|an\s+|any\s+)?(?:humans?|people|teachers?|experts?)\b"
        r"|comparable\s+to\s+(?:that\s+of\s+)?(?:\w+\s+)?(?:humans?|people|teachers?|experts?|psychologists?)\b"
        r"|human[\s-]level|human[\s-]like|super-?human"
        r"|better\s+than\s+(?:a\s+)?(?:humans?|people|teachers?)\b"
        r"|as\s+(?:good|well|accurate(?:ly)?)\s+as\s+(?:an?\s+|any\s+)?(?:humans?|people|teachers?|experts?|psychologists?)\b",
    ),
    ("validated", r"validated|(?:scientifically|clinically)\s+\w+|proven|peer[\s-]reviewed|certified|approved"),
    ("unbiased", r"unbiased|bias[\s-]free|without\s+bias|objective(?:ly)?\b|fair\b|equally\s+well"),
    (
        "praise",
        r"state[\s-]of[\s-]the[\s-]art|cutting[\s-]edge|best[\s-]in[\s-]class|world[\s-]leading"
        r"|award[\s-]winning|highly\s+(?:accurate|reliable)|error[\s-]free|infallible|flawless(?:ly)?"
        r"|unmatched|reliabl[ey]|trusted|perfect(?:ly)?\b|(?:high|great|excellent)\s+accuracy",
    ),
)

_OF = r"\s*(?:of\s+)?(?:all\s+|the\s+|its\s+|these\s+)*"
_FEW, _SOME = r"(?:\w+\s+){0,3}", r"(?:\w+\s+){0,5}"
PATTERNS: tuple[tuple[str, str, str], ...] = (
    # Of which the number is the share: (quantity, what stands before it, what stands behind it).
    ("precision", r"", rf"{_OF}{_ALARMS}\s+{_SOME}(?:right|correct|true|accurate|justified)\b"),
    ("false_discovery_rate", r"", rf"{_OF}{_ALARMS}\s+{_SOME}(?:false|wrong|incorrect|mistaken)\b"),
    ("detection", rf"{_FIND}\w*\s+$", rf"{_OF}{_FEW}faces\b"),
    ("detection", r"", rf"{_OF}{_FEW}faces\s+{_FEW}{_FIND}\w*"),
    ("recall", rf"{_FIND}\w*\s+$", rf"{_OF}{_FEW}{STATES}"),
    ("recall", r"", rf"{_OF}{_FEW}{STATES}\s+{_FEW}(?:is|are|were|was|get)\s+(?:\w+\s+)?{_FIND}\w*"),
)

COUNTED = (
    r"(?P<what>images?|pictures?|photos?|photographs?|videos?|clips?|frames?|samples?|recordings?|faces?|people|persons?"
    r"|participants?|subjects?|volunteers?|pupils?|students?|children|kids|actors?)\b"
)
"""What can be tested on; a number of anything else is not of a test."""

ELSE_COUNTED = (
    r"teachers?|classrooms?|class(?:es)?\b|schools?|hours?|minutes?|seconds?|days?|weeks?|months?|years?|emotions?|expressions?"
    r"|states?|labels?|cameras?|FPS\b|fps\b|frames\s+per\s+second|users?|employees|countries|cities|lessons?|times\b|looks?|raters?|points?"
)

ASPECTS: tuple[tuple[str, str], ...] = (
    (
        "of_what",
        r"emotion\w*|expression\w*|mood\w*|feeling\w*|engage\w*|attenti\w*|concentrat\w*|boredom|bored"
        r"|stress\w*|anx\w+|ang(?:er|ry)\b|happ\w+|sad(?:ness)?\b|smil\w+|micro-?expression\w*|distract\w*"
        r"|confus\w+|frustrat\w+",
    ),
    (
        "truth",
        r"annotat\w+|labelled\s+by|labeled\s+by|ground\s+truth|self-?report\w*|observers?\b|raters?\b"
        r"|(?:teacher|expert|psychologist)s?['’]?\s+(?:judge?ments?|ratings?|labels?)",
    ),
    (
        "on_whom",
        r"child(?:ren)?(?:['’]s)?\b|pupils?\b|students?\b|kids\b|adults?\b|actors?\b|volunteers?\b"
        r"|employees\b|workers\b|teenagers?\b|ages?\s+[0-9]+|aged\b"
        r"|(?:primary|secondary|high)[\s-]+school\w*",
    ),
    (
        "unit",
        r"per\s+(?:face|image|frame|look|picture|child|pupil|student|lesson|day|person|clip)"
        r"|each\s+(?:child|pupil|student|face|look)(?:['’]s)?\b"
        r"|of\s+(?:the\s+time|faces|pupils|students|children|images|frames|pictures|clips|photographs)\b",
    ),
    (
        "errors",
        r"confusion\s+matrix|false[\s-]+(?:positive|alarm|negative|alert|flag)s?|sensitivity|specificity"
        r"|recall|precision",
    ),
    (
        "where",
        r"classrooms?\b|in\s+class\b|in\s+the\s+wild|laborator\w+|posed|acted|photographs?\b|videos?\b"
        r"|data-?sets?\b|benchmark\w*|FER-?2013|AffectNet|RAF-DB|CK\+|DAiSEE|Aff-Wild2?|JAFFE|KDEF",
    ),
    (
        "groups",
        r"(?:all|every)\s+(?:ages|races|skin|ethnic\w*|groups|cultures)|regardless\s+of"
        r"|\b(?:boys|girls|race|gender|sex|ethnic\w*|skin\s+(?:colou?r|tone)s?)\b",
    ),
    (
        "missing",
        r"undetected|missing\s+faces|when\s+(?:a\s+|the\s+)?face\s+is\s+visible|no\s+face|visible\s+faces?"
        r"|occlu\w+|detected\s+faces",
    ),
    ("prevalence", r"prevalence|base\s+rate"),
    ("independent", r"independent\w*|third[\s-]party|peer[\s-]reviewed|NIST\b|universit\w+|audited"),
    ("chance", r"chance\s+level|majority\s+(?:class|baseline)|baseline|beyond\s+chance|kappa"),
    ("alerts", r"per\s+day|alerts?\b|alarms?\b|notif\w+|every\s+(?:few|[0-9]+)\s+(?:seconds?|minutes?)"),
    ("sureness", r"confidence\s+interval|\bCI\b|±|\+/-|standard\s+error|margin\s+of\s+error"),
)
"""What one has to know to understand a number, and how a sentence may touch on it; `n`, how many were tested, is read
from its numbers."""

NOT = re.compile(
    r"\b(?:not(?!\s+(?:only|just))|never|no\s+longer|cannot|hardly|neither|nor|without\s+being)\b|n['’]t\b",
    re.IGNORECASE,
)
SIZE = re.compile(r"\b[nN]\s*=\s*(?P<n>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?![.,]?[0-9])")
EVERY = re.compile(r"\bevery\s+(?P<n>[0-9]+(?:\.[0-9]+)?)?\s*(?P<unit>seconds?|minutes?)\b", re.IGNORECASE)
INTERVAL = re.compile(
    r"(?:[0-9.]+\s*(?:%|per\s?cent)[\s-]*)?(?:(?:confidence|credible)\s+interval|\bCI\b|\bC\.I\.)[\s:,=(\[]*(?:of\s+|from\s+)?",
    re.IGNORECASE,
)
BETTER = re.compile(r"(?:improv|increas|rose|rais|rise|went|grew|boost|reduc|drop|fell|f[ae]ll)\w*", re.IGNORECASE)

FOREIGN = re.compile(
    r"(?<!\w)(?:der|das|und|ist|nicht|mit|eine[rmns]?|genauigkeit|treffsicherheit|prozent|genau|zuverlässig\w*|erkennt"
    r"|le|les|des|est|avec|une|précision|exactitude|fiab\w+|el|los|las|una|con|precisión|exactitud|fiabilidad|della|il|di"
    r"|precisione|accuratezza|het|een|van|nauwkeurig\w*|dokładno\w+|precisão|acurácia|não|och|är|noggrann\w*)(?!\w)",
    re.IGNORECASE,
)
"""Words of languages that are not read; English ones that look alike are left out."""
SURELY_FOREIGN = re.compile(
    r"(?<!\w)(?:genauigkeit|treffsicherheit|prozent|genau|zuverlässig\w*|précision|fiab\w+|precisión|exactitud|fiabilidad"
    r"|precisione|accuratezza|nauwkeurig\w*|dokładno\w+|precisão|acurácia|noggrann\w*)(?!\w)",
    re.IGNORECASE,
)
"""Those that are no names: one of them is enough."""


def compiled(patterns: tuple[tuple[str, str], ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Ids with their patterns, which begin with a word."""
    return tuple((id, re.compile(rf"(?<!\w)(?:{pattern})", re.IGNORECASE)) for id, pattern in patterns)
