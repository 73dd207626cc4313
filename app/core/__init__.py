"""What every room stands on: settings, database, languages, time, permissions, mail, jobs."""
