/** Which rows of a table are about somebody, where the table itself does not say; `:people` stands for the ids of their records. */

export const theirLoans = 'select id from loans where service_user_id = any(:people)'
export const theirLines = `select line.id from loan_lines line join loans on loans.id = line.loan_id
  where loans.service_user_id = any(:people)`
export const theirIncidents = `select id from incidents where loan_id in (${theirLoans}) or replacement_loan_id in (${theirLoans})`
export const theirCorrections = `select id from loan_corrections where loan_id in (${theirLoans})`
export const theirBookings = 'select id from bookings where service_user_id = any(:people)'
export const STOCK = 'About the thing, and kept in the stock’s books'
