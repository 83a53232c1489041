#include "features/operations/endpoints.hpp"
#include "features/operations/operations.hpp"

namespace atelier::operations {
namespace {

using schema::Access;
using schema::bind;
using schema::bind_raw;
using schema::Method;
using schema::Rate;
using schema::Row;
using schema::Scope;

Row administration(std::string_view path, std::string_view id, std::string_view summary,
                   Rate rate = Rate::read) {
  return {.path = path, .id = id, .summary = summary, .access = Access::administrator,
          .scope = Scope::administration, .rate = rate};
}

void about_jobs(schema::Routes& routes) {
  bind(routes, Method::get,
       administration("/api/v2/admin/jobs", "listJobs", "Jobs, newest first."), list_jobs);
  bind(routes, Method::get,
       administration("/api/v2/admin/jobs/summary", "summarizeJobs",
                      "How many jobs stand where, and what was done in the last hour."),
       summarize_jobs);
  bind(routes, Method::get,
       administration("/api/v2/admin/jobs/{id}", "getJobDetails", "A job with its arguments."),
       get_job_details);
  bind(routes, Method::post,
       administration("/api/v2/admin/jobs/{id}/retry", "retryJob",
                      "Run a failed or cancelled job again.", Rate::write),
       retry);
  bind(routes, Method::post,
       administration("/api/v2/admin/jobs/{id}/cancel", "cancelJob",
                      "Cancel a waiting job, or ask a running one to stop.", Rate::write),
       cancel);
  bind(routes, Method::get,
       {.path = "/api/v2/jobs/{id}", .id = "getJob", .summary = "A job that works for you.",
        .access = Access::member, .scope = Scope::user_read, .cheap = true},
       get_job);
}

void about_settings(schema::Routes& routes) {
  bind(routes, Method::get,
       administration("/api/v2/admin/settings", "getSettings", "All settings, by group."),
       get_settings);
  bind(routes, Method::patch,
       administration("/api/v2/admin/settings", "changeSettings",
                      "Change some settings of one group.", Rate::write),
       change_settings);
}

void about_watching(schema::Routes& routes) {
  bind_raw(routes, Method::get,
           {.path = "/api/v2/live", .id = "watchLive",
            .summary = "A stream of server-sent events about the topics named.",
            .access = Access::member, .scope = Scope::user_read},
           live);
  bind_raw(routes, Method::get,
           {.path = "/metrics", .id = "getMetrics", .summary = "Metrics in Prometheus' format.",
            .access = Access::anyone, .scope = Scope::administration, .hidden = true},
           metrics);
  bind_raw(routes, Method::get,
           {.path = "/health", .id = "getHealth", .summary = "Whether the process answers.",
            .access = Access::anyone, .scope = Scope::open, .hidden = true},
           health);
  bind_raw(routes, Method::get,
           {.path = "/ready", .id = "getReady",
            .summary = "Whether it can serve, by named checks.",
            .access = Access::anyone, .scope = Scope::open, .hidden = true},
           ready);
}

void add_routes(schema::Routes& routes) {
  about_jobs(routes);
  about_settings(routes);
  about_watching(routes);
}

}  // namespace

platform::Feature feature() { return {.name = "operations", .routes = add_routes}; }

}  // namespace atelier::operations
