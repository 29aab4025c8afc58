-- A provider's file of readings asks for thousands of SIMs at once, each by its whole number.
create index data_allowances_by_whole_sim on data_allowances (organisation_id, sim_number)
  where sim_number is not null and cancelled_at is null;
-- The worklist asks who has less left than one video call takes.
create index data_readings_that_are_low on data_readings (organisation_id, read_at) where megabytes_left < 500;
