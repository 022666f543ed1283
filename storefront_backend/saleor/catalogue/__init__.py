"""CatalogEngine over Saleor.

texts      descriptions to Saleor's editor blocks and back
facts      a passport as attribute values
merge      who wrote a shared field last
reading    what is in Saleor, as dataclasses
writing    what we send to bring it up to date
engine     the port
"""
