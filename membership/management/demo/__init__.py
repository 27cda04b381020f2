"""Demo accounts and their stories, for development, screenshots and browser tests. Every person and number is invented."""

PASSWORD = "Demo-2026"
