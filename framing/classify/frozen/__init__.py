"""An expert on a frozen encoder: kernel ridge regression with the seeds as prior examples."""
