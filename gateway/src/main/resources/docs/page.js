// Shows the description; tokens stay in this page's memory and are gone with it.
window.SwaggerUIBundle({
  url: "/v3/api-docs",
  dom_id: "#api",
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  persistAuthorization: false,
  tryItOutEnabled: true,
  validatorUrl: null,
});
