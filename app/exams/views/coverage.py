"""What the course teaches and the bank asks, for authors."""

from flask import current_app, render_template
from flask.typing import ResponseReturnValue

from app.core.database import db
from app.exams.coverage import Asked, Taught, coverage
from app.exams.views.room import pages
from app.items import labels
from app.items import service as items
from app.training import service as training


@pages.get("/bank-coverage")
def coverage_page() -> ResponseReturnValue:
    modules = training.catalogue(db.session())
    lessons = [
        Taught(lesson.key, module.key, lesson.meta["competencies"], lesson.meta["functions"])
        for module in modules
        for lesson in module.lessons
        if lesson.retired_at is None
    ]
    functions = current_app.extensions["functions"]
    covered = coverage(
        lessons,
        (Asked(**one) for one in items.described(db.session())),
        {number: one.open is not None for number, one in functions.items()},
    )
    return render_template(
        "exams/coverage.html",
        covered=covered,
        said=covered.as_json(),
        functions=functions,
        levels=labels.LEVELS,
        topics={module.key: module.title for module in modules},
    )
