// Package schema is the vocabulary of Yardstick: what an observation, a
// target, a verdict and a receipt are. It imports the standard library alone,
// holds no I/O and reads no clock.
//
// Terms follow SDMX (observation, reference period, frequency, observation
// status) and the policy documents Yardstick judges.
package schema
