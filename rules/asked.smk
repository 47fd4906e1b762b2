"""What rules ask of the study: plain values for params, and lists of files."""

from pilot_eval.study.load import sha256_of
from pilot_eval.study.question import EXPLORATORY

# What reading needs: a label reworded or a supplier's name corrected reads no file anew.
NOT_READ_OF_SOURCE = {"supplier", "received", "timezone", "date_format"}
READ_OF_ITEM = {"item", "type", "use", "names", "set"}


def deliveries_of(kind):
    """Delivered files of a kind, with their lines of ``sources.csv``."""
    found = [source for source in study.sources if source.kind == kind]
    return [source.path for source in found], [
        source.model_dump(mode="json", exclude=NOT_READ_OF_SOURCE) for source in found
    ]


def content_of(path):
    """Checksum of a delivered file: new content with an older time stamp would not be seen otherwise."""
    return sha256_of(study.root / path)


def codebook_columns(wildcards):
    """Of each item of a source's instrument, the columns it is delivered under."""
    instrument = study.source(wildcards.source).instrument
    return [item.model_dump(mode="json", include=READ_OF_ITEM) for item in study.codebooks[instrument]]


def said_in(source):
    """Delivered columns in which respondents say where they belong: use, column."""
    uses = ("organisation", "organisation_name", "area", "role")
    wave = source.wave or study.waves[0]
    found = [item for item in study.codebooks[source.instrument] if item.use in uses and item.names.get(wave)]
    return {item.use: item.names[wave] for item in found}


def outcome_of(name, *keys):
    """What the rules that make numbers need to know of an outcome: no label, so that a new wording refits nothing."""
    outcome = study.outcomes[name]
    known = {
        "outcome": name,
        "column": outcome.scale or outcome.item,
        "roles": [role.id for role in study.config.roles if role.id in (outcome.roles or study_roles())],
        "unit": outcome.unit,
        "digits": outcome.digits,
    }
    return {key: known[key] for key in keys or sorted(known)}


def fitted_outcome(name):
    """What a question's rule needs to fit its outcome; None where the plan has no such outcome."""
    return outcome_of(name) if name in study.outcomes else None


def formula_of(name):
    """Formula of an outcome's primary model; empty when it has none."""
    model = study.primary(name)
    return study.plan.models[model].formula if model else ""


def fitted_by_reml(name):
    """Whether an outcome's primary model is fitted by REML; so it is where it has none."""
    model = study.primary(name)
    return study.plan.models[model].reml if model else True


def labelled(name):
    """A question's name in tables, with whether it is pre-specified."""
    question = study.plan.questions[name]
    return f"{question.label} ({EXPLORATORY if question.family == EXPLORATORY else 'pre-specified'})"


def codes_of(name):
    """Codes and labels of an item that has them, as text; none for anything else."""
    items = (item for instrument in study.config.instruments for item in study.codebooks[instrument.id])
    found = next((item for item in items if item.item == name and item.labels), None)
    return {str(code): label for code, label in sorted(found.labels.items())} if found else {}


def known_weights(name):
    """Share of each role of an outcome; none where the plan has no such outcome."""
    return role_weights(name) if name in study.outcomes else {}


def question_of(name):
    """What answering a question needs to know of it: no wording but the estimand's, which the ledger holds."""
    question = study.plan.questions[name]
    return {"question": name, **question.model_dump(mode="json", exclude={"label", "asks", "because", "family"})}


def tested(name):
    """What the adjustment of tests needs to know of a question."""
    known = question_of(name) | {"family": study.plan.questions[name].family}
    if known["smallest_change"] is None and known.get("outcome") in study.outcomes:
        known["smallest_change"] = study.outcomes[known["outcome"]].smallest_change
    keys = ("question", "kind", "contrast", "outcome", "roles", "matched", "family", "smallest_change")
    return {key: known.get(key, "") for key in keys}


def worded(name):
    """A question with its words, and those of its outcome."""
    question = study.plan.questions[name].model_dump(mode="json")
    outcome = study.outcomes.get(question.get("outcome"))
    words = outcome.model_dump(mode="json", include={"label", "unit"}) if outcome else {"label": "", "unit": ""}
    labels = {role.id: role.label for role in study.config.roles}
    return {
        "question": name,
        **question,
        "outcome": {"id": question.get("outcome", ""), **words},
        "between_labels": [labels.get(role, role) for role in question.get("between") or []],
        "areas": study.config.words.areas,
        "organisations": study.config.words.organisations,
    }


def answers(ending):
    """Files of that ending of the rules that answer questions."""
    return [
        f"data/processed/model/{answering}/{question}.{ending}"
        for answering, questions in ANSWERED.items()
        for question in questions
    ]


def scheme_of(name):
    """What a set of ratings rates, when and on which levels, as pairs of code and name; None when there is no such."""
    for one in study.config.evidence:
        if one.id == name:
            pairs = {"elements": one.items, "occasions": one.occasions, "levels": one.levels}
            return {key: list(map(list, found.items())) for key, found in pairs.items()}
    return None


def known_outcome(name):
    """What a question's rule needs to know of its outcome; None where the plan has no such outcome."""
    return outcome_of(name, "outcome", "unit", "digits") if name in study.outcomes else None


def areas_of(name):
    """Change by area of an outcome by its primary model, a list of one file; empty where the plan has no model of it."""
    primary = study.primary(name) if name in study.outcomes else None
    return [f"data/processed/model/fit_change/{primary}/{name}.areas.parquet"] if primary else []


def asked_of_change(outcome):
    """The questions about the change of an outcome, as ``question_of`` gives them."""
    named = study.questions_of("change")
    return [question_of(name) for name in named if study.plan.questions[name].outcome == outcome]


def smallest_change(outcome):
    """Smallest change of an outcome that matters, else that of a question about its change; None: none is stated."""
    asked = [question["smallest_change"] for question in asked_of_change(outcome)]
    stated = [study.outcomes[outcome].smallest_change, *asked]
    return next((size for size in stated if size is not None), None)


def study_roles():
    return [role.id for role in study.config.roles]


def labelled_items():
    """Items with labels, each once, whichever instruments ask it."""
    found = {}
    for instrument in study.config.instruments:
        for item in study.codebooks[instrument.id]:
            if item.use == "answer" and item.type in ("likert", "ordinal", "binary") and item.labels:
                known = found.setdefault(item.item, {"item": item.item, "label": item.label, "labels": {}})
                known["labels"] = {**item.labels, **known["labels"]}
    return [{**item, "labels": [list(pair) for pair in sorted(item["labels"].items())]} for item in found.values()]


def questions_of_scales():
    """Items of the scales: their questions, as the first questionnaire that asks them has them."""
    scaled = {word.lstrip("-") for scale in study.scales.values() for word in scale.items}
    asked = [item for one in study.config.instruments for item in study.codebooks[one.id] if item.item in scaled]
    return {item.item: item.label for item in reversed(asked)}


def perceived(name):
    """What both sides of a link rate, and who they are; None when the plan has no such perception."""
    perception, links = study.plan.perceptions.get(name), study.config.registers.links
    if perception is None or links is None:
        return None
    return {**outcome_of(perception.outcome, "column", "unit", "digits"), "sides": [links.left, links.right]}


def attributes_of_study():
    """Properties of organisations and respondents that the analysis table has, each with its name in words."""
    found = {name: name.replace("_", " ") for one in study.config.registers.organisations for name in one.attributes}
    for instrument in study.config.instruments:
        for item in study.codebooks[instrument.id]:
            if item.use == "attribute":
                found.setdefault(item.item, item.label)
    return [{"name": name, "label": label[:1].upper() + label[1:]} for name, label in found.items()]


def levels_of(item):
    """Codes of an item and what they mean, in order."""
    return next((known["labels"] for known in labelled_items() if known["item"] == item), [])


def roles_asked(name):
    """Roles that a question asks, all where it names none, with their labels."""
    asked = study.plan.questions[name].roles or study_roles()
    return {role.id: role.label for role in study.config.roles if role.id in asked}


def role_weights(name):
    """Share of each role of an outcome in its overall change."""
    roles = study.outcomes[name].roles or study_roles()
    return {role.id: role.share for role in sorted(study.config.roles, key=lambda role: role.id) if role.id in roles}


def written(ending):
    """All files of that ending that the stages before this one write."""
    return [path for path in everything() if path.endswith(ending)]


def written_by(stage):
    """All tables of a stage."""
    return [path for path in everything() if path.startswith(f"data/processed/{stage}/")]


def may_be_seen(path):
    """Whether an output may say nothing of who answered: all after clean, and what earlier stages say of faults."""
    early = path.startswith(tuple(f"data/processed/{stage}/" for stage in ("register", "ingest", "clean")))
    return ".identifiers." not in path and (not early or path.endswith(("faults.parquet", "rejects.parquet")))


def asset(path):
    """A template, style or script of ours, relative to the working directory."""
    return os.path.relpath(HOME / "src" / "pilot_eval" / path, study.root)


def settings():
    """Files of the study besides deliveries and outputs; the pseudonyms' key is none of them."""
    patterns = ("config/*", "config/codebook/*", "config/good_practice/*", "notebooks/*")
    found = {file for pattern in patterns for file in study.root.glob(pattern) if file.is_file()}
    found -= {study.root / study.config.secret.file}
    return sorted(os.path.relpath(file, study.root) for file in found)


def programs():
    """Our code, the rules and the locked environment, relative to the working directory."""
    patterns = [f"src/**/*.{ending}" for ending in ("py", "jinja", "css", "js")]
    patterns += ["rules/*", "Snakefile", "requirements.lock"]
    return sorted({os.path.relpath(file, study.root) for pattern in patterns for file in HOME.glob(pattern)})


def results_of(*parts):
    """Outputs of all rules below some parts of `results/`."""
    return [path for path in everything() if path.startswith(tuple(f"results/{part}" for part in parts))]


def turned_of(source):
    """Items of a source that a scale counts in reverse."""
    asked = {item.item for item in study.codebooks[source.instrument]}
    words = {word for scale in study.scales.values() for word in scale.items if word.startswith("-")}
    return sorted(word[1:] for word in words if word[1:] in asked)


def scales_of(source):
    """Scales of which a source asks items."""
    asked = {item.item for item in study.codebooks[source.instrument]}
    known = {name: [word for word in scale.items if word.lstrip("-") in asked] for name, scale in study.scales.items()}
    return {name: words for name, words in known.items() if words}


def earlier_of(source):
    """Deliveries of the same questionnaire that can hold earlier waves."""
    order = {wave: place for place, wave in enumerate(study.waves)}
    last = order.get(source.wave, len(order))
    same = [other for other in study.surveys if other.instrument == source.instrument and other != source]
    return [other.source for other in same if order.get(other.wave, -1) < last]
