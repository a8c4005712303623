"""Where the host's desk is, below `/host/` on the host's own domains."""

from django.urls import path

from wardmote.edges.console.hosts import acts, cases, customers, figures, judge, notices, outages, policy, try_text

app_name = "host"

urlpatterns = [
    path("", cases.listing, name="cases"),
    path("try", try_text.page, name="try"),
    path("customers", customers.listing, name="customers"),
    path("customers/elsewhere", customers.enrol_elsewhere, name="elsewhere"),
    path("figures", figures.show, name="figures"),
    path("policy", policy.publish, name="policy"),
    path("outages", outages.page, name="outages"),
    path("customers/<int:customer_id>/open", customers.open_case, name="open"),
    path("communities/<int:community_id>/enrol", customers.enrol_community, name="enrol"),
    path("cases/<int:case_id>", cases.show, name="case"),
    path("cases/<int:case_id>/letter", notices.write, name="letter"),
    path("cases/<int:case_id>/do/<slug:name>", acts.act, name="act"),
    path("others/cases/<int:case_id>", judge.show, name="other-case"),
    path("others/cases/<int:case_id>/decide", judge.decide, name="other-decide"),
    path("others/appeals/<int:appeal_id>", judge.show_appeal, name="other-appeal"),
    path("others/appeals/<int:appeal_id>/decide", judge.decide_appeal, name="other-appeal-decide"),
    path("receipts/<int:receipt_id>", cases.receipt, name="receipt"),
]
