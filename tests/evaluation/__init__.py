"""Development questions, the figures that they must give, and the fit of the calibration."""
