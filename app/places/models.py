"""The classifier of places."""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.database import Base

# PostgreSQL would sort by the language of its server; our keys and folded words are made to sort by bytes.
SortKey = String().with_variant(String(collation="C"), "postgresql")
FoldedWord = String(60).with_variant(String(60, collation="C"), "postgresql")


class Place(Base):
    """One unit of KATO: a region, a district, a sub-district (where an akim stands) or a settlement."""

    __tablename__ = "places"
    __table_args__ = (Index("ix_places_parent_kato_sort_key", "parent_kato", "sort_key"),)

    kato: Mapped[str] = mapped_column(String(9), primary_key=True)
    parent_kato: Mapped[str | None] = mapped_column(ForeignKey("places.kato"))
    level: Mapped[str] = mapped_column(String(12))
    """oblast, district, sub_district or settlement."""
    type_code: Mapped[str] = mapped_column(String(1))
    name_kk: Mapped[str]
    name_ru: Mapped[str]
    name_en: Mapped[str]
    """A transliteration: the classifier has no English names."""
    sort_key: Mapped[str] = mapped_column(SortKey)
    is_rural: Mapped[bool]
    """A unit in which residents elect an akim."""

    parent: Mapped["Place | None"] = relationship(remote_side=kato)

    @property
    def names(self) -> dict[str, str]:
        return {"kk": self.name_kk, "ru": self.name_ru, "en": self.name_en}


class PlaceSpelling(Base):
    """One folded word of one place's names, so that a prefix of any word is found by an index."""

    __tablename__ = "place_spellings"
    __table_args__ = (Index("ix_place_spellings_word", "word"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kato: Mapped[str] = mapped_column(ForeignKey("places.kato", ondelete="CASCADE"), index=True)
    word: Mapped[str] = mapped_column(FoldedWord)
