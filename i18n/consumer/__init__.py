"""What the shopper may claim: withdrawal, warranty, what an invoice must say."""
