"""Made-up people in every state of the path, so that each screen has something true to show; never in production."""
