"""The words of the certificate. The paper carries all three languages at once, so they are not in the catalogues."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """One text in the three languages."""

    kk: str
    ru: str
    en: str

    def joined(self) -> str:
        """Return all three on one line, Kazakh first."""
        return f"{self.kk} · {self.ru} · {self.en}"


SCHOOL = Words("Әкім мектебі", "Школа акима", "Akim School")
TITLE = Words("Сертификат", "Сертификат", "Certificate")
OPENING = "Осы сертификат"
"""Stands above the name; the Kazakh statement goes on below it."""
STATEMENT = Words(
    "әкім лауазымына үміткерлерге арналған курсты\u00a0аяқтап, емтиханның межесінен өткенін растайды.",
    "Настоящий сертификат подтверждает, что названное лицо окончило курс для кандидатов в акимы"
    " и преодолело порог экзамена.",
    "This certificate confirms that the person named above completed the course for candidates for akim"
    " and reached the pass mark of the exam.",
)

SCORE = Words("Емтихан балы", "Балл экзамена", "Exam score")
PASS_MARK = Words("Меже", "Порог", "Pass mark")
EXAM_DAY = Words("Емтихан күні", "Дата экзамена", "Date of exam")
ISSUED_DAY = Words("Берілген күні", "Выдан", "Issued")
VALID_UNTIL = Words("Жарамды мерзімі", "Действителен до", "Valid until")
TEST_VERSION = Words("Тест нұсқасы", "Версия теста", "Test version")
STATUS = Words("Мәртебесі", "Статус", "Status")
TRIAL = Words("сынақ", "пробный", "trial")

NUMBER = Words("Сертификат нөмірі", "Номер сертификата", "Certificate number")
HOW_TO_CHECK = Words(
    "Тексеру: QR кодты оқыңыз не нөмірді сайтқа енгізіп, әр жолды салыстырыңыз.",
    "Проверка: считайте QR или введите номер на сайте и сверьте каждую строку.",
    "Check: read the QR or enter the number on the site and compare every line.",
)
NO_LEGAL_EFFECT = Words(
    "Мектеп нәтижесінің заңдық күші жоқ. Кімнің сайлауға түсе алатынын тек заң мен сайлау комиссиясы шешеді.",
    "Результат школы не имеет юридической силы. Кто может участвовать в выборах, решают только закон"
    " и избирательная комиссия.",
    "A result of the school has no legal effect. Only the law and the election commission decide who may stand.",
)
SAMPLE = Words("Үлгі: есім ойдан шығарылған", "Образец: имя вымышлено", "Sample: the name is invented")
MARGIN = Words("Балл шегі", "Погрешность балла", "Margin of the score")
