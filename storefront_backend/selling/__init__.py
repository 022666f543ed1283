"""From a bag to an order: checkouts with quotes, stock, promotions, the sale, the ledger."""
