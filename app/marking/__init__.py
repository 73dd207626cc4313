"""Scripts, rubrics, marks, second marks and adjudication, without names."""
