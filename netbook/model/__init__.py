"""What engines, kernels and programs can say, as plain frozen values: nothing here talks to anybody."""
