"""The living styleguide at /styleguide/, in development only: tokens, and every component in its states."""
