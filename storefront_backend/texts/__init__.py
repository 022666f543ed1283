"""The texts of a brand in all languages: what is missing, what is old, translations in and out.

subjects.py   which texts there are
ages.py       when each was changed last
state.py      missing, stale, drafted, done
saving.py     writes texts, unless somebody else was faster
exchange.py   workbook and XLIFF for translators, and back
drafts.py     a machine's proposals
"""
