"""How long a sheet's texts may be: the shop's columns are as wide, so that what checks also fits.

The shop's models take their widths from here (`storefront_backend.catalog.models`).
"""

PRODUCT_CODE = 60
SKU = 64
NAME = 120
DESCRIPTION = 4_000
COLLECTION = 80
RING_SIZE_LABEL = 16
FILE_NAME = 200

# The ring size column holds hundredths of a millimetre up to here; no finger is near it.
LARGEST_DIAMETER_MM = 60
# What a price may come to before the metal, in the brand's currency.
LARGEST_PRICE = 100_000_000
LARGEST_PERCENT = 1_000
