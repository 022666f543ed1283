"""Machine translation behind commerce.ports.Translator."""
