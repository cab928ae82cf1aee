"""Pure parts of cases: working hours, the rota, who takes the next case, what became of them."""
