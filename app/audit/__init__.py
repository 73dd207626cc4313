"""The chained record of every act that matters."""
