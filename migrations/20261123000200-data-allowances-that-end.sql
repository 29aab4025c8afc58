-- The worklist asks for what ends within two weeks, and for what still runs though its loan has ended.
create index data_allowances_by_end on data_allowances (organisation_id, ends_on) where cancelled_at is null;
create index data_allowances_running_with_a_loan on data_allowances (organisation_id, id)
  where loan_line_id is not null and cancelled_at is null and suspended_at is null;
