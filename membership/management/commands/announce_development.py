"""``manage.py announce_development``: the address and the demo accounts, as the last thing ``make run`` says before it serves."""

from django.core.management.base import BaseCommand

from membership.management.demo import PASSWORD, accounts


class Command(BaseCommand):
    help = "Print the address and the table of demo accounts."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--address", required=True)

    def handle(self, *args, **options) -> None:
        address = options["address"]
        self.stdout.write("")
        self.stdout.write(f"  中国抗癌协会会员系统   {address}/     管理后台 {address}/admin/")
        self.stdout.write(f"  演示账号，密码都是 {PASSWORD}（标 * 的只能用验证码登录，验证码显示在页面上）")
        for account in accounts.ALL:
            mark = " " if account.has_password else "*"
            self.stdout.write(f"   {mark}{account.phone}  {account.who}")
        self.stdout.write("")
