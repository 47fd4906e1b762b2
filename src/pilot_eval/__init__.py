"""pilot_eval: evaluate pre/post pilots, from delivered survey waves to a verified publication."""
