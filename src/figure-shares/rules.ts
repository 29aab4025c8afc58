export const sharesUrl = '/admin/settings/sharing'
export const sideBySideUrl = '/reports/side-by-side'
