"""The panel “How this model is read”: what is known of a model, why, and a person's corrections."""
